import type { Identity, SignInStep } from "../../auth/identity.ts";
import { RefusedError } from "../../messaging/refusal.ts";
import type { HandlersOf, RequestDeps } from "./deps.ts";

type Names =
  | "sign-in"
  | "sign-up"
  | "send-code"
  | "verify-code"
  | "resend-code"
  | "sign-in-with-google"
  | "sign-in-step"
  | "sign-out";

/** Who the person is: coming and going. */
export function signingInHandlers({ identity, refresh, signOut }: RequestDeps): HandlersOf<Names> {
  /** A step that was the last one: its reply comes when the person's session is there. */
  async function take(step: (identity: Identity) => Promise<SignInStep> | undefined): Promise<SignInStep> {
    const next = identity && (await step(identity));
    if (!next) throw new RefusedError({ code: "bad_request", message: "This build of Sidestream cannot do that." });
    if (next.step === "done") await refresh();
    return next;
  }

  return {
    "sign-in": (request) => take((known) => known.signIn(request)),
    "sign-up": (request) => take((known) => known.signUp(request)),
    "send-code": (request) => take((known) => known.sendCode(request)),
    "verify-code": (request) => take((known) => known.verify(request)),
    "resend-code": () => take((known) => known.resendCode()),
    "sign-in-with-google": () => take((known) => known.google?.()),

    async "sign-in-step"() {
      const step = await identity?.pendingStep();
      return step ? { step } : {};
    },

    async "sign-out"() {
      await signOut();
      return {};
    },
  };
}
