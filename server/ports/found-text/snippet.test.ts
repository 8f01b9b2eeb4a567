import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText } from "./fold-text.ts";
import { snippetOf } from "./snippet.ts";

describe("snippetOf", () => {
  const far = "filler words before it ".repeat(50);

  it.each([
    ["a short text whole", "The red fox.", ["fox"], "The red fox."],
    ["on one line", " The\n\n red\tfox.\n", ["fox"], "The red fox."],
    ["the text as it was written", "Ｔｈｅ Füchse… GROẞ", ["füchse"], "Ｔｈｅ Füchse… GROẞ"],
    ["the beginning when nothing matches", "The red fox.", ["wolf"], "The red fox."],
  ])("shows %s", (_, text, words, expected) => {
    expect(snippetOf(text, words)).toBe(expected);
  });

  it("shows the surroundings of the longest word and marks where it cut", () => {
    expect(snippetOf(`a ${far}quetzalcoatl ${far}`, ["a", "quetzalcoatl"])).toMatch(
      /^….{30,60} quetzalcoatl .{60,100}…$/u,
    );
  });

  it("finds the place behind characters whose folded form is longer", () => {
    expect(snippetOf(`${"…ß™ ".repeat(500)}Quetzal ${far}`, ["quetzal"])).toContain("Quetzal");
  });

  it("is short, well-formed and shows the word, whatever stands around it", () => {
    const around = fc.string({ unit: "binary", maxLength: 400 });
    const property = fc.property(around, around, (before, behind) => {
      const snippet = snippetOf(`${before} Quetzal ${behind}`, ["quetzal"]);
      expect(snippet.length).toBeLessThan(300);
      expect(snippet.isWellFormed()).toBe(true);
      expect(foldText(snippet)).toContain("quetzal");
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("never cuts a pair in two", () => {
    expect(snippetOf(`${"🦊".repeat(200)}x${"🦊".repeat(200)}`, ["x"])).toMatch(/^…🦊+x🦊+…$/u);
    expect(snippetOf(`${"🦊".repeat(200)}xy${"🦊".repeat(201)}`, ["y"])).toMatch(/^…🦊+xy🦊+…$/u);
  });
});
