import { describe, expect, it } from "vitest";
import type { OpenTurn, Store } from "../store.ts";
import {
  ALICE,
  allChanges,
  allConversations,
  allMessages,
  type OpenStore,
  questionOf,
  timeAt,
  turnOf,
  withStore,
} from "./samples.ts";

/** A history of years: everything is still right, and nothing is read whole to answer a page. */
export function describeManyConversations(open: OpenStore): void {
  describe("1,000 conversations", () => {
    it(
      "are listed, told and searched as a few are",
      withStore(open, async (store) => {
        const turns = Array.from({ length: COUNT }, (_, index) =>
          turnOf({
            createdAt: timeAt(index),
            title: `Number ${index}`,
            question: [{ type: "text", text: wordsOf(index) }],
          }),
        );
        await openAll(store, turns);
        const newestFirst = turns.map((turn) => turn.conversationId).reverse();
        for (const limit of [26, 200]) {
          const listed = await allConversations(store, ALICE, limit);
          expect(listed.map(({ id }) => id)).toEqual(newestFirst);
        }
        const whole = await allChanges(store, ALICE, 200);
        expect(whole.changes).toHaveLength(3 * COUNT);
        expect(await allChanges(store, ALICE, 100)).toEqual(whole);

        const [some] = turns.slice(517);
        if (some === undefined) throw new Error("there are 1,000 turns");
        const found = async (q: string) => (await store.search(ALICE, { q, limit: 200 })).map((hit) => hit.messageId);
        expect(await found("zebra517")).toEqual([some.userMessageId]);
        expect((await found("answerless")).length).toBe(200);
        const [question] = await allMessages(store, ALICE, some.conversationId, 1);
        expect(question).toEqual(questionOf(some));

        await store.deleteConversation(ALICE, some.conversationId);
        expect(await found("zebra517")).toEqual([]);
        expect((await store.changes(ALICE, { after: whole.cursor, limit: 50 })).changes).toHaveLength(1);
        expect(await allConversations(store, ALICE, 200)).toHaveLength(COUNT - 1);
      }),
      180_000,
    );
  });
}

const COUNT = 1_000;

function wordsOf(index: number): string {
  return `An answerless question about zebra${index}.`;
}

/** Many at once, for a store that each call travels to. */
async function openAll(store: Store, turns: readonly OpenTurn[]): Promise<void> {
  for (let from = 0; from < turns.length; from += 50) {
    await Promise.all(turns.slice(from, from + 50).map((turn) => store.openTurn(ALICE, turn)));
  }
}
