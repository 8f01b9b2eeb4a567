import { type Person, SignInError, type SignInStep } from "../identity.ts";
import type { Clerk, Line } from "./connection.ts";
import { StartAgainError } from "./sign-in-words.ts";

/** Where an attempt is: at a code that was mailed, or at its session. */
export type Progress = Exclude<SignInStep, { step: "done" }> | { step: "session"; sessionId: string };

/** The code that is waited for. */
export type CodeStep = Extract<SignInStep, { step: "code" }>;

type SignIn = NonNullable<Clerk["client"]>["signIn"];
type Factors = SignIn["supportedFirstFactors"] | SignIn["supportedSecondFactors"];

export async function signIn(line: Line, { email, password }: { email: string; password: string }): Promise<Progress> {
  await leaveSessions(line);
  const attempt = await line.ask(() =>
    clientOf(line).signIn.create({ strategy: "password", identifier: email, password }),
  );
  return afterFactor(line, attempt, email);
}

/** Mails a code to sign in with. */
export async function sendCode(line: Line, { email }: { email: string }): Promise<Progress> {
  await leaveSessions(line);
  const attempt = await line.ask(() => clientOf(line).signIn.create({ identifier: email }));
  await mailFirstFactor(line, attempt);
  return { step: "code", email, purpose: "sign-in" };
}

export async function signUp(line: Line, { email, password }: { email: string; password: string }): Promise<Progress> {
  await leaveSessions(line);
  const attempt = await line.ask(() => clientOf(line).signUp.create({ emailAddress: email, password }));
  if (attempt.status === "complete") return atSession(attempt.createdSessionId);
  await line.ask(() => attempt.prepareEmailAddressVerification({ strategy: "email_code" }));
  return { step: "code", email, purpose: "sign-up" };
}

/** Takes the code. The attempt is Clerk's, which kept it while this worker may have died. */
export async function verify(line: Line, { email, purpose }: CodeStep, code: string): Promise<Progress> {
  if (purpose === "sign-in") {
    const attempt = openSignIn(line);
    const isSecond = attempt.status !== "needs_first_factor";
    const after = await line.ask(() =>
      isSecond
        ? attempt.attemptSecondFactor({ strategy: "email_code", code })
        : attempt.attemptFirstFactor({ strategy: "email_code", code }),
    );
    return afterFactor(line, after, email);
  }
  const attempt = clientOf(line).signUp;
  if (attempt.id === undefined) throw new StartAgainError();
  const after = await line.ask(() => attempt.attemptEmailAddressVerification({ code }));
  if (after.status === "complete") return atSession(after.createdSessionId);
  const missing = after.missingFields.join(", ");
  throw new SignInError("failed", `The sign-in service wants more than a sign-up here can give: ${missing}.`);
}

export async function resend(line: Line, { purpose }: CodeStep): Promise<void> {
  if (purpose === "sign-up") {
    const attempt = clientOf(line).signUp;
    if (attempt.id === undefined) throw new StartAgainError();
    await line.ask(() => attempt.prepareEmailAddressVerification({ strategy: "email_code" }));
    return;
  }
  const attempt = openSignIn(line);
  if (attempt.status === "needs_first_factor") await mailFirstFactor(line, attempt);
  else await mailSecondFactor(line, attempt);
}

/** Makes the session the client's own and says whose it is. */
export async function enter(line: Line, sessionId: string): Promise<Person> {
  const { clerk, ask } = line;
  await ask(() => clerk.setActive({ session: sessionId }));
  const session = clientOf(line).sessions.find(({ id }) => id === sessionId);
  if (session?.user == null) throw new StartAgainError();
  if (session.status === "pending") {
    throw new SignInError(
      "failed",
      "Your account has a step left that cannot be done here. Finish it on the web first.",
    );
  }
  const email = session.user.primaryEmailAddress?.emailAddress;
  return { userId: session.user.id, ...(email !== undefined && { email }) };
}

/** What Clerk still has of somebody before: a sign-out that it was not told of. It would refuse another person then. */
async function leaveSessions(line: Line): Promise<void> {
  if (clientOf(line).sessions.length > 0) await line.ask(() => clientOf(line).removeSessions());
}

/** After a password or a code was taken: the session, or a code by mail as the second factor. */
async function afterFactor(line: Line, attempt: SignIn, email: string): Promise<Progress> {
  if (attempt.status === "complete") return atSession(attempt.createdSessionId);
  if (attempt.status === "needs_second_factor" || attempt.status === "needs_client_trust") {
    await mailSecondFactor(line, attempt);
    return { step: "code", email, purpose: "sign-in" };
  }
  if (attempt.status === "needs_new_password") {
    throw new SignInError(
      "failed",
      "This account needs a new password. Sign in with a code by mail, and set one on the web.",
    );
  }
  throw new SignInError("failed", "This account cannot be signed in to in this way. Sign in with a code by mail.");
}

async function mailFirstFactor(line: Line, attempt: SignIn): Promise<void> {
  const emailAddressId = mailAddressOf(attempt.supportedFirstFactors);
  if (emailAddressId === undefined) {
    throw new SignInError("failed", "This account does not take codes by mail. Sign in with its password.");
  }
  await line.ask(() => attempt.prepareFirstFactor({ strategy: "email_code", emailAddressId }));
}

async function mailSecondFactor(line: Line, attempt: SignIn): Promise<void> {
  const emailAddressId = mailAddressOf(attempt.supportedSecondFactors);
  if (emailAddressId === undefined) {
    const message = "This account asks for a second factor (an app, a phone or a key), which is not offered here yet.";
    throw new SignInError("second_factor", message);
  }
  await line.ask(() => attempt.prepareSecondFactor({ strategy: "email_code", emailAddressId }));
}

function mailAddressOf(factors: Factors): string | undefined {
  const byMail = factors?.find((factor) => factor.strategy === "email_code");
  return byMail !== undefined && "emailAddressId" in byMail ? byMail.emailAddressId : undefined;
}

function openSignIn(line: Line): SignIn {
  const attempt = clientOf(line).signIn;
  if (attempt.id === undefined || attempt.status === null || attempt.status === "complete") throw new StartAgainError();
  return attempt;
}

function atSession(sessionId: string | null): Progress {
  if (sessionId === null) throw new StartAgainError();
  return { step: "session", sessionId };
}

function clientOf({ clerk }: Line): NonNullable<Clerk["client"]> {
  if (clerk.client === undefined) throw new StartAgainError();
  return clerk.client;
}
