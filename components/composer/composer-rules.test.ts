import { describe, expect, it } from "vitest";
import { isSendKey } from "./is-send-key.ts";
import { modelDetail } from "./model-words.ts";

describe("isSendKey", () => {
  const enter = { key: "Enter", shiftKey: false, altKey: false, isComposing: false, keyCode: 13 };

  it("is Enter alone", () => {
    expect(isSendKey(enter)).toBe(true);
    expect(isSendKey({ ...enter, key: "a" })).toBe(false);
    expect(isSendKey({ ...enter, shiftKey: true })).toBe(false);
    expect(isSendKey({ ...enter, altKey: true })).toBe(false);
  });

  it("is never the Enter of an input method", () => {
    expect(isSendKey({ ...enter, isComposing: true })).toBe(false);
    expect(isSendKey({ ...enter, keyCode: 229 })).toBe(false);
  });
});

describe("modelDetail", () => {
  it.each([
    [
      { contextLength: 200_000, pricing: { input: 0.000_003, output: 0.000_015 } },
      "200k context · $3 in, $15 out per M",
    ],
    [
      { contextLength: 1_048_576, pricing: { input: 0.000_000_075, output: 0.000_000_3 } },
      "1M context · $0.07 in, $0.30 out per M",
    ],
    [{ contextLength: 32_768, pricing: { input: 0, output: 0 } }, "33k context · free"],
    [{ contextLength: 512 }, "512 context"],
  ])("says what %j means", (model, words) => {
    expect(modelDetail(model)).toBe(words);
  });
});
