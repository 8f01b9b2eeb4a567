import { expect, it } from "vitest";
import { LIVE_SUITES, missingFor } from "./live-suites.ts";

const suite = {
  ...{ title: "A suite", file: "a.test.ts", hint: "where they are" },
  needs: [["URL"], ["KEY", "KEY_URL"], ["TOKEN"]],
};

it.each([
  [{}, "Set URL, KEY or KEY_URL, TOKEN and run it again (where they are)."],
  [{ URL: "x", KEY: " ", TOKEN: "x" }, "Set KEY or KEY_URL and run it again (where they are)."],
  [{ URL: "x", KEY_URL: "x", TOKEN: "x" }, undefined],
])("says in one sentence what is missing of %j", (environment, sentence) => {
  expect(missingFor(suite, environment)).toBe(sentence);
});

it("names every variable of a suite that has none", () => {
  for (const live of Object.values(LIVE_SUITES)) {
    const sentence = missingFor(live, {});
    for (const name of live.needs.flat()) expect(sentence).toContain(name);
  }
});
