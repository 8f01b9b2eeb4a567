import { expect, it } from "vitest";
import { isLoopback } from "./loopback.ts";
import { metricsAccess } from "./metrics-access.ts";

it.each([
  ["127.0.0.1", undefined, undefined, true],
  ["::1", undefined, "secret", true],
  ["::ffff:127.0.0.1", undefined, undefined, true],
  ["10.0.0.5", undefined, undefined, false],
  ["10.0.0.5", "Bearer undefined", undefined, false],
  ["10.0.0.5", "Bearer secret", "secret", true],
  ["10.0.0.5", "Bearer secre", "secret", false],
  ["10.0.0.5", "secret", "secret", false],
  [undefined, undefined, "secret", false],
])("metrics for %s with %s when the token is %s: %s", (address, authorization, token, expected) => {
  expect(metricsAccess({ token, isLoopback })({ address, authorization })).toBe(expected);
});
