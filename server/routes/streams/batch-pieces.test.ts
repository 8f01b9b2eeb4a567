import fc from "fast-check";
import { expect, it } from "vitest";
import { batchPieces } from "./batch-pieces.ts";

const batch = (events: readonly string[]) => ({ turnId: "t", conversationId: "c", firstSeq: 7, events, ended: true });

it("keeps a small batch as it is", () => {
  const small = batch(["a", "b"]);
  expect(batchPieces(small)).toEqual([small]);
  expect(batchPieces(small)[0]).toBe(small);
});

it("cuts a large batch without losing, doubling or reordering anything", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(1, 100_000, 200_000, 600_000), { minLength: 1, maxLength: 30 }), (sizes) => {
      const whole = batch(sizes.map((size, index) => String(index).padEnd(size, ".")));
      const pieces = batchPieces(whole);
      expect(pieces.flatMap(({ events }) => events)).toEqual(whole.events);
      expect(pieces.map(({ ended }) => ended)).toEqual(pieces.map((_, index) => index === pieces.length - 1));
      let next = whole.firstSeq;
      for (const { firstSeq, events } of pieces) {
        expect(firstSeq).toBe(next);
        expect(events.length).toBeGreaterThan(0);
        next += events.length;
      }
    }),
    { numRuns: 50 },
  );
});
