import { describe, expect, it } from "vitest";
import { oneLine, toolWords, withHiddenShown } from "./hostile-text.ts";

describe("oneLine", () => {
  it.each([
    ["two\nlines\tand  spaces", "two lines and spaces"],
    ["\u202eevil\u202c name", "evil name"],
    ["a\u200bb\u0000c\ufeff", "abc"],
    ["👩‍👩‍👧 family", "👩‍👩‍👧 family"],
    ["می‌خواهم", "می‌خواهم"],
  ])("makes %j fit to stand in the interface", (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it("is bounded", () => {
    expect(oneLine("a".repeat(1_000_000), 10)).toBe("aaaaaaaaa…");
  });
});

describe("withHiddenShown", () => {
  it("shows what would hide or reorder an argument, and leaves the rest", () => {
    expect(withHiddenShown("rm\u202e -rf\u200b\n\tнет")).toBe("rm\\u{202e} -rf\\u{200b}\n\tнет");
  });
});

describe("toolWords", () => {
  it.each([
    ["search_web", "Search web"],
    ["get-currentWeather", "Get current weather"],
    ["", "Unnamed tool"],
    ["__", "Unnamed tool"],
  ])("says %j as %j", (tool, words) => {
    expect(toolWords(tool)).toBe(words);
  });
});
