import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { ALICE, allChanges, allMessages, answerOf, type OpenStore, turnAfter, turnOf, withStore } from "./samples.ts";

/** A message that is longer than one document or row of many a database. */
export function describeLargeMessages(open: OpenStore): void {
  describe("a message of 5 MB", () => {
    it(
      "is kept to the character wherever it is read, and found by its last words",
      withStore(open, async (store) => {
        const [turn, small] = [turnOf({ title: "T" }), turnOf({ title: "T" })];
        const answer = answerOf(turn, longText());
        await store.openTurn(ALICE, small);
        await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answer);
        const next = turnAfter(turn);
        await store.openTurn(ALICE, next);

        // Compared as booleans: the difference of two such texts is nothing to print.
        const isWhole = (message: unknown) => isDeepStrictEqual(message, answer);
        const listed = await allMessages(store, ALICE, turn.conversationId, 1);
        expect(listed.map(isWhole)).toEqual([false, true, false, false]);
        expect((await store.path(ALICE, answer.id)).map(isWhole)).toEqual([false, true]);
        for (const limit of [1, 200]) {
          const { changes } = await allChanges(store, ALICE, limit);
          expect(changes.filter((change) => change.kind === "message" && isWhole(change.message))).toHaveLength(1);
          expect(changes).toHaveLength(8);
        }
        for (const q of ["Quetzalcoatl", "quetzal", "銀河鉄道", "flying fox"]) {
          const hits = await store.search(ALICE, { q, limit: 5 });
          expect(hits, q).toMatchObject([{ messageId: answer.id, conversationId: turn.conversationId }]);
          expect(hits[0]?.snippet.length, q).toBeLessThan(500);
        }
        const [hit] = await store.search(ALICE, { q: "quetzalcoatl", limit: 5 });
        expect(hit?.snippet).toContain("quetzalcoatl");
      }),
      180_000,
    );

    it(
      "is replaced whole by its newer form, without a rest of the former",
      withStore(open, async (store) => {
        const turn = turnOf();
        await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answerOf(turn, longText(), { status: "streaming" }));
        const ended = answerOf(turn, "Short after all.");
        await store.saveAnswer(ALICE, ended);
        expect((await store.path(ALICE, ended.id)).at(-1)).toEqual(ended);
        expect(await store.search(ALICE, { q: "quetzalcoatl", limit: 5 })).toEqual([]);
      }),
      180_000,
    );
  });
}

/**
 * 5 MB in UTF-8. One run of surrogate pairs begins at an even and one at an odd index, so that a cut at any index that
 * looks only at its number falls into a pair of one of them.
 */
function longText(): string {
  const foxes = "🦊".repeat(300_000);
  const lines = "The quick fox — 速い狐は怠け者の犬を飛び越える 🦊 and on.\n".repeat(30_000);
  return `${foxes}x${foxes}\n${lines}The flying fox sleeps: quetzalcoatl 銀河鉄道の夜`;
}
