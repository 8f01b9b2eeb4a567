import { describe, expect, it } from "vitest";
import { noModelMessage } from "../protocol/no-model.ts";
import { refusalWords } from "./refusal-words.ts";

const id = "00000000-0000-7000-8000-000000000001";
const turn = { turnId: id, conversationId: id, parentId: null, message: { id, parts: [] }, model: "maker/gone" };

describe("refusalWords", () => {
  it.each([
    [noModelMessage("maker/gone"), "The model maker/gone is not offered any more. Choose another one."],
    // Of the server's own default the person knows nothing.
    [noModelMessage("maker/other"), noModelMessage("maker/other")],
    ["message.id is used already.", "message.id is used already."],
    [undefined, "It gave no reason."],
  ])("puts %j as %j", (error, words) => {
    expect(refusalWords({ turn, error })).toBe(words);
  });
});
