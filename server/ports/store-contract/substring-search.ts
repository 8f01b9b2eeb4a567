import { describe, expect, it } from "vitest";
import { type OpenStore, withStore } from "./samples.ts";
import { fillLibrary, namesFound } from "./search-library.ts";

/** search, as a store has it whose index knows any three characters: pieces of words and symbols are found too. */
export function describeSubstringSearch(open: OpenStore): void {
  describe("search for pieces of words and for symbols", () => {
    it(
      "finds by the table",
      withStore(open, async (store) => {
        const library = await fillLibrary(store);
        for (const [q, expected] of FOUND_BY_SUBSTRING_STORES) {
          expect.soft(await namesFound(store, library, q), `query: ${q}`).toEqual([...expected].sort());
        }
      }),
    );
  });
}

const FOUND_BY_SUBSTRING_STORES: [string, string[]][] = [
  ["treami", ["english"]],
  ["ampfsch", ["german"]],
  ["straße", ["german"]],
  ["STRASSE", ["german"]],
  ["wikipedia fuchs", ["page"]],
  ["🦊", ["symbols"]],
  ["c++", ["symbols"]],
  ["100%", ["symbols"]],
  ["%", ["symbols"]],
  ["_", ["symbols"]],
  ["snake_case", ["symbols"]],
  ['"', ["symbols"]],
  ['"quoted"', ["symbols"]],
  ['"quoted', ["symbols"]],
  ["\0streaming\0", ["english"]],
  ["strea*", []],
  ["*", []],
  ["-streaming", []],
  ["^streaming", []],
  ["(", []],
  ["\\", []],
  ["\0", []],
  ["\ud83d", []],
];
