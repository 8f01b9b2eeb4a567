import { expect, it } from "vitest";
import { authorizedParty } from "./authorized-party.ts";

const CHROME = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";
const FIREFOX = "moz-extension://1b671a64-40d5-491e-99b0-da01ff1f3341";
const ANY_FIREFOX = "moz-extension://*";

it.each([
  [[CHROME], CHROME, true],
  [[CHROME], FIREFOX, false],
  [[CHROME], ANY_FIREFOX, false],
  [[FIREFOX], FIREFOX, true],
  [[FIREFOX], FIREFOX.replace("1b", "2b"), false],
  [[ANY_FIREFOX], FIREFOX, true],
  [[ANY_FIREFOX], ANY_FIREFOX, false],
  [[ANY_FIREFOX], CHROME, false],
])("of the parties %j, %s is one: %s", (parties, azp, isOne) => {
  expect(authorizedParty(parties)(azp)).toBe(isOne);
});
