import * as z from "zod";
import { SignInError, type SignInErrorCode } from "../identity.ts";

/** Clerk's refusals as its client throws them. What has no `status` never reached Clerk. */
const refusalSchema = z.object({
  status: z.number(),
  retryAfter: z.number().optional(),
  errors: z
    .array(
      z.object({
        code: z.string().catch(""),
        longMessage: z.string().optional().catch(undefined),
        message: z.string().optional().catch(undefined),
      }),
    )
    .catch([]),
});

const LONGEST_FOREIGN_TEXT = 200;

/** Of a refusal for a lock: the seconds until it ends, which Clerk's client drops from its errors. */
export type LockedFor = number | undefined;

/** Any failure of Clerk's client as a sentence for the person. */
export function toSignInError(cause: unknown, lockedFor?: LockedFor): SignInError {
  if (cause instanceof SignInError) return cause;
  const refusal = refusalSchema.safeParse(cause);
  if (!refusal.success) return unreachable(cause);
  const { status, retryAfter, errors } = refusal.data;
  const [first] = errors;
  const code = first?.code ?? "";
  const fail = (ours: SignInErrorCode, message: string) => new SignInError(ours, message, { cause });
  if (code === "user_locked") {
    return fail("locked", `This account is locked after too many tries. Try again ${inMinutes(lockedFor)}.`);
  }
  if (status === 429) return fail("rate_limited", `Too many tries. Try again ${inMinutes(retryAfter)}.`);
  if (status >= 500) {
    return fail("unreachable", "The sign-in service has a fault at the moment. Try again in a minute.");
  }
  if (code === "resource_not_found") return new StartAgainError({ cause });
  const known = WORDS[code] ?? wordsOfKind(code);
  if (known !== undefined) return fail(known[0], known[1]);
  const theirs = plain(first?.longMessage ?? first?.message ?? "");
  return fail("failed", theirs === "" ? "Signing in did not work. Try again." : `Signing in did not work: ${theirs}`);
}

export function unreachable(cause?: unknown): SignInError {
  const message = "The sign-in service cannot be reached. Check your connection and try again.";
  return new SignInError("unreachable", message, { cause });
}

/** The attempt is gone at Clerk, so that no code can be waited for any more. */
export class StartAgainError extends SignInError {
  constructor(options: { cause?: unknown } = {}) {
    super("expired_code", "This code is no longer valid. Go back and start again.", options);
  }
}

const WORDS: Readonly<Record<string, readonly [SignInErrorCode, string]>> = {
  form_password_incorrect: ["wrong_password", "The password is wrong. Try again, or sign in with a code by mail."],
  form_identifier_not_found: ["unknown_address", "There is no account with this address. Check it, or sign up."],
  form_param_format_invalid: ["bad_address", "This is not a complete mail address. Check it."],
  form_identifier_exists: ["address_taken", "There is an account with this address already."],
  form_password_pwned: [
    "weak_password",
    "This password is known from a data leak elsewhere. Choose one that you use nowhere else.",
  ],
  form_password_length_too_short: ["weak_password", "The password is too short. Choose a longer one."],
  form_code_incorrect: ["wrong_code", "The code is wrong. Check the last mail, or have a new code sent."],
  verification_expired: ["expired_code", "This code has expired. Have a new one sent."],
  verification_failed: ["expired_code", "Too many wrong codes. Have a new one sent."],
  verification_missing: ["expired_code", "No code is waited for. Have a new one sent."],
  strategy_for_user_invalid: ["failed", "This account has no password. Sign in with a code by mail."],
};

/** Codes that Clerk has many of. */
function wordsOfKind(code: string): readonly [SignInErrorCode, string] | undefined {
  if (code.startsWith("form_password_")) return ["weak_password", "This password is too weak. Choose a longer one."];
  if (code === "origin_invalid" || code === "origin_authorization_headers_conflict") {
    const message = "The sign-in service does not know this extension.";
    return ["failed", `${message} Whoever runs it must add the extension to its allowed origins.`];
  }
  if (code.startsWith("captcha_") || code === "requires_captcha") {
    const message = "The sign-in service wants to see that you are no robot, which cannot be shown here.";
    return ["failed", `${message} Whoever runs it must turn bot protection off for extensions.`];
  }
  return undefined;
}

function inMinutes(seconds: number | undefined): string {
  if (seconds === undefined) return "later";
  if (seconds < 60) return seconds === 1 ? "in a second" : `in ${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? "in a minute" : `in ${minutes} minutes`;
}

/** Foreign text is shown as one short line. */
function plain(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > LONGEST_FOREIGN_TEXT ? `${line.slice(0, LONGEST_FOREIGN_TEXT)}…` : line;
}
