import { RefusedError } from "../messaging/refusal.ts";
import type { AccountActions } from "./chat-actions.ts";
import type { ChatContext } from "./chat-context.ts";

/** Signing in and out. What fails is told to whoever asked: the form that it concerns is in view. */
export function createAccountActions({ link }: Pick<ChatContext, "link">): AccountActions {
  return {
    signIn: (email, password) => link.call("sign-in", { email, password }),
    signUp: (email, password) => link.call("sign-up", { email, password }),
    sendCode: (email) => link.call("send-code", { email }),
    verifyCode: (code) => link.call("verify-code", { code }),
    resendCode: () => link.call("resend-code", {}),
    signInWithGoogle: () => link.call("sign-in-with-google", {}),
    async signInStep() {
      return (await link.call("sign-in-step", {})).step;
    },
    async signOut() {
      await link.call("sign-out", {});
    },
    async serverFault(serverUrl) {
      return (await link.call("check-server", { serverUrl })).fault;
    },
    async moveTo(serverUrl) {
      await link.call("use-server", { serverUrl });
    },
  };
}

/** What a failed action says: `code` is the reason where it has a name. */
export function faultOf(error: unknown): { code: string; message: string } {
  if (error instanceof RefusedError) return { code: error.code, message: error.message };
  return { code: "failed", message: "Something went wrong. Try again." };
}
