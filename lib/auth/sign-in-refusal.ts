import { SignInError, SignInUnreachableError } from "./identity.ts";

/** Whether this failure means that the sign-in service gave no token in time. */
export function isSignInUnreachable(error: unknown): boolean {
  return error instanceof SignInUnreachableError;
}

/** What a panel is told of a step of signing in that failed; undefined for every other error. */
export function signInRefusal(error: unknown): { code: string; message: string } | undefined {
  if (error instanceof SignInError) return { code: error.code, message: error.message };
  if (!isSignInUnreachable(error)) return undefined;
  return { code: "unreachable", message: "The sign-in service cannot be reached. Check the network, then try again." };
}
