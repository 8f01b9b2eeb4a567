import type { GetToken } from "../api/request-json.ts";

/** Whose device this is now. `userId` is the `sub` of the tokens, which is the server's id of the user. */
export type Person = { userId: string; email?: string };

/** What comes next in signing in: nothing, or the code that was mailed. */
export type SignInStep = { step: "done" } | { step: "code"; email: string; purpose: "sign-in" | "sign-up" };

/**
 * Signing in with an account. It lives in the background, which has the only copy; panels ask it over the Port. Every step
 * fails with SignInError; one that was begun goes on after the worker that began it has died.
 */
export type Identity = {
  /** Who is signed in: from this device's storage, so offline too. */
  current(): Promise<Person | undefined>;
  /**
   * A token that the server takes now; undefined when nobody is signed in. Fails with SignInUnreachableError when none
   * could be had within 3 s. Many callers at once cost one request.
   */
  getToken: GetToken;
  /** Calls back with each change of the person, sign-out elsewhere included. Returns the end of it. */
  watch(onChange: (person: Person | undefined) => void): () => void;
  signIn(request: { email: string; password: string }): Promise<SignInStep>;
  signUp(request: { email: string; password: string }): Promise<SignInStep>;
  /** Mails a code to sign in with. */
  sendCode(request: { email: string }): Promise<SignInStep>;
  /** Takes the mailed code of a sign-in or of a sign-up. */
  verify(request: { code: string }): Promise<SignInStep>;
  resendCode(): Promise<SignInStep>;
  /** The step that is waited for: a panel that opens in the middle of a sign-in goes on with it. */
  pendingStep(): Promise<SignInStep | undefined>;
  /** Present when the build has it. */
  google?(): Promise<SignInStep>;
  /** Nothing of the person stays in storage, also when the sign-in service cannot be reached. */
  signOut(): Promise<void>;
};

/** Why a step of signing in failed. `message` is a sentence for the person. */
export class SignInError extends Error {
  readonly code: SignInErrorCode;

  constructor(code: SignInErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "SignInError";
    this.code = code;
  }
}

export type SignInErrorCode =
  | "wrong_password"
  | "unknown_address"
  | "bad_address"
  | "address_taken"
  | "weak_password"
  | "wrong_code"
  | "expired_code"
  | "locked"
  | "rate_limited"
  | "second_factor"
  | "unreachable"
  | "cancelled"
  | "failed";

/** The sign-in service did not give a token in time; the person may well be signed in. */
export class SignInUnreachableError extends Error {
  constructor(options: { cause?: unknown } = {}) {
    super("The sign-in service cannot be reached.", options);
    this.name = "SignInUnreachableError";
  }
}
