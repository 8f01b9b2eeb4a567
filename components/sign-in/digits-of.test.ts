import { describe, expect, it } from "vitest";
import { digitsOf } from "./digits-of.ts";
import { faultPlace } from "./fault-place.ts";

describe("digitsOf", () => {
  it.each([
    ["424242", "424242"],
    ["424 242", "424242"],
    [" 424-242\n", "424242"],
    ["424242 is your code. It is good for 10 minutes.", "424242"],
    ["In 2026 your code is 424242", "424242"],
    ["42", "42"],
    ["4242424242", "424242"],
    ["", ""],
  ])("reads %j", (typed, digits) => {
    expect(digitsOf(typed)).toBe(digits);
  });
});

describe("faultPlace", () => {
  it.each([
    ["unknown_address", "email"],
    ["weak_password", "password"],
    ["expired_code", "code"],
    ["locked", "form"],
    ["unreachable", "form"],
    ["internal", "form"],
  ])("puts %s at the %s", (code, place) => {
    expect(faultPlace(code)).toBe(place);
  });
});
