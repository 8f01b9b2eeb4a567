import { ApiError, type UnauthorizedReason } from "../protocol/errors.ts";

/** Pure: why a server does not take the token of a person who is signed in, and what to do. */
export function refusedWords(error: ApiError): string {
  return (error.reason && WORDS[error.reason]) ?? "This server does not accept your account.";
}

/** Whether a server's refusal is one of the token. */
export function isUnauthorized(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === "unauthorized";
}

const OTHER_PEOPLE =
  "This server does not accept your account: it takes accounts of another sign-in service. Use another server, or ask " +
  "who runs this one.";
const OTHER_EXTENSION =
  "This server does not accept accounts that come from this extension. Who runs it has to name the extension in " +
  "CLERK_AUTHORIZED_PARTIES.";
const WRONG_CLOCK =
  "This server does not accept your account because its clock and the one of the sign-in service disagree.";

const WORDS: Partial<Record<UnauthorizedReason, string>> = {
  wrong_issuer: OTHER_PEOPLE,
  unknown_key: OTHER_PEOPLE,
  bad_signature: OTHER_PEOPLE,
  wrong_audience: OTHER_PEOPLE,
  missing_authorized_party: OTHER_EXTENSION,
  wrong_authorized_party: OTHER_EXTENSION,
  expired_token: WRONG_CLOCK,
  not_yet_valid: WRONG_CLOCK,
  issued_in_future: WRONG_CLOCK,
  pending_session: "Your account has a step of signing in left. Sign out and sign in again.",
};
