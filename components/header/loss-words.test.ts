import { describe, expect, it } from "vitest";
import { lossWords } from "./loss-words.ts";

describe("lossWords", () => {
  it.each([
    [0, 0, undefined],
    [1, 0, "1 question has not reached the server. It is lost when you leave now."],
    [0, 2, "2 changes have not reached the server. They are lost when you leave now."],
    [1, 1, "1 question and 1 change have not reached the server. They are lost when you leave now."],
  ])("counts %i questions and %i edits", (questions, edits, words) => {
    expect(lossWords({ questions, edits })).toBe(words);
  });
});
