import { describe, expect, it } from "vitest";
import { StartAgainError, toSignInError } from "./sign-in-words.ts";

describe("the words for what Clerk refuses", () => {
  it.each([
    ["form_password_incorrect", "wrong_password"],
    ["form_identifier_not_found", "unknown_address"],
    ["form_param_format_invalid", "bad_address"],
    ["form_identifier_exists", "address_taken"],
    ["form_password_pwned", "weak_password"],
    ["form_password_not_strong_enough", "weak_password"],
    ["form_code_incorrect", "wrong_code"],
    ["verification_expired", "expired_code"],
    ["verification_failed", "expired_code"],
    ["resource_not_found", "expired_code"],
    ["captcha_missing_token", "failed"],
    ["origin_invalid", "failed"],
    ["something_new", "failed"],
  ])("%s is %s", (code, ours) => {
    const error = toSignInError(refusal(422, code));
    expect(error.code).toBe(ours);
    expect(error.message).toMatch(/^[A-Z].*[.…]$/);
  });

  it.each([
    [undefined, "Try again later."],
    [1, "Try again in a second."],
    [40, "Try again in 40 seconds."],
    [60, "Try again in a minute."],
    [1_799, "Try again in 30 minutes."],
  ])("say how long a lock of %s seconds lasts", (seconds, words) => {
    expect(toSignInError(refusal(403, "user_locked"), seconds)).toMatchObject({
      code: "locked",
      message: expect.stringContaining(words),
    });
  });

  it("say how long to wait after too many tries", () => {
    expect(toSignInError({ ...refusal(429, "too_many_requests"), retryAfter: 90 })).toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("in 2 minutes"),
    });
  });

  it.each([new TypeError("Failed to fetch"), undefined, "gone", refusal(502, "")])("call %s unreachable", (cause) => {
    expect(toSignInError(cause)).toMatchObject({ code: "unreachable", cause });
  });

  it("show Clerk's own text as one short line", () => {
    const { message } = toSignInError(refusal(422, "new", `<b>a</b>\n\n\u0007${"x".repeat(500)}`));
    expect(message).toMatch(/^Signing in did not work: <b>a<\/b> x+…$/);
    expect(message.length).toBeLessThan(230);
  });

  it("leave our own errors as they are", () => {
    const error = new StartAgainError();
    expect(toSignInError(error)).toBe(error);
  });
});

function refusal(status: number, code: string, longMessage = "Their words.") {
  return { status, errors: [{ code, message: longMessage, longMessage, meta: {} }] };
}
