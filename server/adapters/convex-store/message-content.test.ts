import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerOf, turnOf } from "../../ports/store-contract/samples.ts";
import { cutText, readContent, storedContent } from "./message-content.ts";
import { batchCount, batchOf, bodyOf } from "./write-content.ts";

describe("cutText", () => {
  it("cuts into pieces that fit, never inside a pair, and together are the text", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "🦊", "狐"), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 20 }), fc.integer({ min: 0, max: 1 }), (whole, units, overlap) => {
        const pieces = cutText(whole, { units, overlap });
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(units);
          expect(piece.isWellFormed()).toBe(true);
        }
        if (overlap === 0) expect(pieces.join("")).toBe(whole);
        else expect(pieces.every((piece) => whole.includes(piece))).toBe(true);
      }),
    );
  });

  it("lets each piece begin with the end of the one before", () => {
    expect(cutText("abcdefghij", { units: 4, overlap: 2 })).toEqual(["abcd", "cdef", "efgh", "ghij"]);
    expect(cutText("ab", { units: 4, overlap: 2 })).toEqual(["ab"]);
  });
});

describe("storedContent", () => {
  const turn = turnOf();

  it("gives back every unit, lone surrogates too, in strings that Convex takes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
        const message = answerOf(turn, `\ud83d${text}\udc00`);
        const { pieces } = storedContent(message);
        expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
        const { parts: _parts, model: _model, ...frame } = message;
        expect(readContent(frame, pieces.join(""))).toEqual(message);
      }),
    );
  });

  it("has the same version for the same content only", () => {
    const [one, same, other] = ["a", "a", "b"].map((text) => storedContent(answerOf(turn, text)).version);
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect(storedContent(answerOf(turn, "a", { model: "else" })).version).not.toBe(one);
  });

  it("cuts 5 MB so that no document and no call comes near Convex's limits, and no batch is lost", () => {
    for (const text of ["速い狐は飛ぶ".repeat(900_000), "The quick fox 🦊 ".repeat(310_000), '"\\'.repeat(2_500_000)]) {
      const content = storedContent(answerOf(turn, text));
      const batches = Array.from({ length: batchCount(content) }, (_, batch) => batchOf(content, batch));
      for (const batch of batches) {
        expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(6 * 1024 * 1024);
        for (const piece of batch.contents) expect(Buffer.byteLength(piece)).toBeLessThan(1_000_000);
        for (const each of batch.texts) expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThan(50_000);
      }
      expect(batches.flatMap(({ contents }) => contents)).toEqual(content.pieces);
      expect(batches.flatMap(({ texts }) => texts).length).toBe(content.texts.length);
      expect(batches.map(({ from }) => from)).toEqual(batches.map((_, index) => 2 * index));
    }
  });

  it("has nothing to find in a message without words", () => {
    expect(bodyOf(storedContent(answerOf(turn, " \n"))).texts).toEqual([]);
  });
});
