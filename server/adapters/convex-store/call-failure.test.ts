import { convexToJson } from "convex/values";
import { describe, expect, it } from "vitest";
import { asApiError, CallFailure, HttpRefusal } from "./call-failure.ts";

const SECRET = "what a person wrote";
const KEY = "prod:animal-7|a-key";

describe("what the log is told of a call that failed", () => {
  it.each([
    [
      "ArgumentValidationError: Value does not match validator.\nPath: .text\nValue: %\nValidator: v.number()",
      "ArgumentValidationError: Value does not match validator.\nPath: .text […]",
    ],
    [
      "[Request ID: 0f1e] Server Error\nArgumentValidationError: Object contains extra field `b`.\n\nObject: {b: %}",
      "[Request ID: 0f1e] Server Error\nArgumentValidationError: Object contains extra field `b`. […]",
    ],
    ["Validator error: Expected `number`, got `%`", "Validator error: Expected `number`, […]"],
    ['Invalid response: {"status":"%"}', "Invalid response: […]"],
    ["Could not find public function for 'answers:save'.", "Could not find public function for 'answers:save'."],
  ])("leaves out values: %j", (message, shown) => {
    const failure = new CallFailure(new Error(message.replace("%", SECRET)), KEY);
    expect(failure.message).toBe(shown);
  });

  it("leaves out what Convex's client cannot send, and what it cannot read", () => {
    const failures = [
      failureOf(() => convexToJson(unsendable())),
      failureOf(() => JSON.parse(SECRET)),
      new CallFailure(new TypeError("fetch failed", { cause: new Error(`Value: ${SECRET}`) }), KEY),
    ];
    expect(failures.map(({ message }) => message)).toEqual([
      "Date […]",
      expect.stringContaining("Unexpected token"),
      "fetch failed: […]",
    ]);
    for (const failure of failures) expect(everythingOf(failure)).not.toContain("person wrote");
  });

  it("says what a refusal over HTTP says, without values", () => {
    const said = (body: string) => new CallFailure(new HttpRefusal(503, body), KEY).message;
    const body = { code: "Overloaded", message: `Too many writes of {${SECRET}}` };
    expect(said(JSON.stringify(body))).toBe("Convex answered 503: Overloaded: Too many writes of […]");
    expect(said(`<html>Bad gateway</html>${KEY}`)).toBe("Convex answered 503: <html>Bad gateway</html>[deploy key]");
    expect(said(`{"args":"${SECRET}"}`)).not.toContain("person wrote");
    expect(said("x".repeat(9_000)).length).toBeLessThan(600);
  });
});

function failureOf(work: () => unknown): CallFailure {
  try {
    work();
  } catch (error) {
    return new CallFailure(error, KEY);
  }
  throw new Error("It did not fail.");
}

/** Arguments with a value that Convex does not know. */
function unsendable() {
  return JSON.parse(JSON.stringify({ text: SECRET, at: 0 }), (key, value) => (key === "at" ? new Date(0) : value));
}

/** All that a logger may find in it. */
function everythingOf(failure: CallFailure): string {
  const { message, stack, cause } = asApiError(failure);
  return JSON.stringify([message, stack, String(cause), failure.stack, failure.cause, { ...failure }]);
}
