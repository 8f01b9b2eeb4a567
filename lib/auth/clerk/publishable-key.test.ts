import { expect, it } from "vitest";
import { readPublishableKey } from "./publishable-key.ts";

it.each([
  ["test", "able-cat-1.clerk.accounts.dev", false],
  ["live", "clerk.example.com", true],
  ["test", "127.0.0.1:4443", false],
])("reads a %s key", (kind, frontendApi, isProduction) => {
  const key = `pk_${kind}_${btoa(`${frontendApi}$`)}`;
  expect(readPublishableKey(key)).toEqual({ key, frontendApi, isProduction });
});

it.each([
  "",
  "pk_test_",
  "sk_test_YWJj",
  `pk_test_${btoa("no dollar.com")}`,
  `pk_test_${btoa("evil.com/path$")}`,
  "pk_test_%%%",
])("refuses %s with a word on what is wrong", (key) => {
  expect(() => readPublishableKey(key)).toThrow(/WXT_CLERK_PUBLISHABLE_KEY is not a publishable key/);
});
