import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../lib/protocol/limits.ts";
import type { QuestionPart } from "../../lib/protocol/messages.ts";
import { titleOf } from "./title.ts";

const text = (words: string): QuestionPart => ({ type: "text", text: words });
const page = (title: string): QuestionPart => ({
  type: "page",
  url: "https://example.org/",
  title,
  text: "",
  truncated: false,
  capturedAt: "2026-01-01T00:00:00.000Z",
});
const file = (name: string): QuestionPart => ({ type: "file", name, mimeType: "text/plain", data: "" });

describe("titleOf", () => {
  it.each([
    ["the question", [page("A page"), text("Why?")], "Why?"],
    ["one line", [text(" Why\n\n is\tthis ")], "Why is this"],
    ["what was attached, when nothing was said", [text("  "), page("A page"), file("a.txt")], "A page"],
    ["a file", [file("a.txt")], "a.txt"],
    ["nothing", [text("")], "New conversation"],
    ["a cut at a word's end", [text("word ".repeat(30))], `${"word ".repeat(10)}word…`],
    ["a cut inside of a long word", [text("x".repeat(100))], `${"x".repeat(59)}…`],
    ["characters of many units", [text("👩‍👩‍👧".repeat(60))], `${"👩‍👩‍👧".repeat(24)}…`],
  ])("takes %s", (_, question, title) => {
    expect(titleOf(question)).toBe(title);
  });

  it("is a title that a person could give, whatever was asked", () => {
    const asked = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 400 }),
      fc.string({ unit: "binary", maxLength: 400 }),
    );
    fc.assert(
      fc.property(asked, (words) => {
        const title = titleOf([text(words)]);
        expect(title.trim()).not.toBe("");
        expect(title).not.toMatch(/[\r\n]/);
        expect(title.length).toBeLessThanOrEqual(LIMITS.titleCharacters);
      }),
    );
  });
});
