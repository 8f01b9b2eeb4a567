import { SignInError } from "../identity.ts";
import type { Line } from "./connection.ts";
import type { Progress } from "./sign-in-steps.ts";
import { StartAgainError } from "./sign-in-words.ts";

/** What is used of `browser.identity`. */
export type WebAuth = {
  /** The address that ends the flow; the Clerk instance must list it as an allowed redirect. */
  redirectUrl: string;
  /** Shows `url` in a window and gives the address that it came back to. Fails when the person closes the window. */
  launch(url: string): Promise<string>;
};

/**
 * Google, in a window of the browser's own: Clerk does not offer this to extensions, so it is built from the pieces that
 * it offers to native apps (the nonce that comes back with the person).
 */
export async function signInWithGoogle({ clerk, ask }: Line, { redirectUrl, launch }: WebAuth): Promise<Progress> {
  const { client } = clerk;
  if (client === undefined) throw new StartAgainError();
  if (client.sessions.length > 0) await ask(() => client.removeSessions());
  const begun = await ask(() =>
    client.signIn.create({ strategy: "oauth_google", redirectUrl, actionCompleteRedirectUrl: redirectUrl }),
  );
  const page = begun.firstFactorVerification.externalVerificationRedirectURL;
  if (page === null) throw new SignInError("failed", "The sign-in service does not offer Google.");
  const nonce = new URL(await launched(launch(page.href))).searchParams.get("rotating_token_nonce");
  if (nonce === null) throw new SignInError("cancelled", "Google did not sign you in.");
  const attempt = await ask(() => begun.reload({ rotatingTokenNonce: nonce }));
  if (attempt.createdSessionId !== null) return { step: "session", sessionId: attempt.createdSessionId };
  if (attempt.firstFactorVerification.status !== "transferable") throw new StartAgainError();
  // Nobody with this address yet: the attempt becomes a sign-up.
  const made = await ask(() => client.signUp.create({ transfer: true }));
  if (made.createdSessionId === null) throw new StartAgainError();
  return { step: "session", sessionId: made.createdSessionId };
}

async function launched(flow: Promise<string>): Promise<string> {
  try {
    return await flow;
  } catch (cause) {
    throw new SignInError("cancelled", "The window of Google was closed before you were signed in.", { cause });
  }
}
