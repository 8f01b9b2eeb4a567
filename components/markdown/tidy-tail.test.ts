import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tidyTail } from "./tidy-tail.ts";

describe("tidyTail", () => {
  it.each([
    ["**bold", "**bold**"],
    ["**bold ", "**bold**"],
    ["**bold*", "**bold**"],
    ["some *em", "some *em*"],
    ["**a *b", "**a *b***"],
    ["**done** and", "**done** and"],
    ["2 * 3", "2 * 3"],
    ["snake_case_name", "snake_case_name"],
    ["~~gone", "~~gone~~"],
    ["run `npm i", "run `npm i`"],
    ["run `", "run "],
    ["a **", "a "],
    ["`a*b` and *c", "`a*b` and *c*"],
    ["\\*not", "\\*not"],
    ["see [the docs](https://exam", "see the docs"],
    ["see [the do", "see the do"],
    ["look ![alt](https://x", "look "],
    ["see [docs](https://a.b) and", "see [docs](https://a.b) and"],
    ["text\n-", "text\n"],
    ["text\n==", "text\n"],
    ["- one\n-", "- one\n"],
    ["##", ""],
    ["``", ""],
    ["| a | b", "| a | b |\n| --- | --- |"],
    ["| a | b |\n|--", "| a | b |\n| --- | --- |"],
    ["| a | b |\n|---|---|\n| c", "| a | b |\n|---|---|\n| c"],
    ["```js\nlet a = b * c", "```js\nlet a = b * c"],
    ["- x\n  ```\n  **", "- x\n  ```\n  **"],
  ])("shows %j as %j", (raw, shown) => {
    expect(tidyTail(raw)).toBe(shown);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."*_`~[]()!|-=# >\\\nab1.") }), (text) => {
        expect(typeof tidyTail(text)).toBe("string");
      }),
    );
  });
});
