import { describe, expect, it } from "vitest";
import type { Change } from "../../../lib/protocol/responses.ts";
import { Replica } from "./replica.ts";
import {
  ALICE,
  allChanges,
  allConversations,
  answerOf,
  haveConversation,
  LIMITS_TRIED,
  type OpenStore,
  turnAfter,
  withStore,
} from "./samples.ts";

/** What is left of deleted conversations, and what no late write brings back. */
export function describeTombstones(open: OpenStore): void {
  describe("tombstones", () => {
    it(
      "come in the order of the deletions, one for each, at any page size",
      withStore(open, async (store) => {
        const ids: string[] = [];
        for (let made = 0; made < 30; made += 1)
          ids.push((await haveConversation(store, ALICE, 1))[0]?.conversationId ?? "");
        const gone = ids.filter((_, index) => index % 5 !== 0).reverse();
        for (const id of gone) await store.deleteConversation(ALICE, id);
        for (const limit of LIMITS_TRIED) {
          const { changes } = await allChanges(store, ALICE, limit);
          expect(changes.flatMap(deletedIn)).toEqual(gone);
          expect(changes).toHaveLength(gone.length + 3 * (ids.length - gone.length));
        }
      }),
    );

    it(
      "reach a device that had the conversation, one that had half of it and one that had nothing",
      withStore(open, async (store) => {
        const [turn] = await haveConversation(store, ALICE, 10);
        const [kept] = await haveConversation(store, ALICE, 1);
        const [all, half, none] = [new Replica(ALICE), new Replica(ALICE), new Replica(ALICE)];
        await all.drain(store, 7);
        await half.pull(store, 5);
        await store.deleteConversation(ALICE, turn?.conversationId ?? "");
        for (const device of [all, half, none]) {
          await device.drain(store, 7);
          expect([...device.conversations.keys()]).toEqual([kept?.conversationId]);
          expect([...device.messages.values()].map(({ turnId }) => turnId)).toEqual([kept?.turnId, kept?.turnId]);
        }
      }),
    );

    it(
      "stand against every late write",
      withStore(open, async (store) => {
        const [turn] = await haveConversation(store, ALICE, 1);
        if (turn === undefined) throw new Error("a turn");
        const { conversationId: id } = turn;
        const running = turnAfter(turn);
        await store.openTurn(ALICE, running);
        await store.deleteConversation(ALICE, id);
        const before = await allChanges(store, ALICE, 50);

        await store.saveAnswer(ALICE, answerOf(running));
        await store.openTurn(ALICE, turn);
        await store.openTurn(ALICE, turnAfter(turn, { parentId: null }));
        expect(await store.patchConversation(ALICE, id, { title: "Back" })).toBeUndefined();
        expect(await store.patchConversation(ALICE, id, { readUpTo: turn.assistantMessageId })).toBeUndefined();
        expect(await store.deleteConversation(ALICE, id)).toBe(false);
        expect(await allChanges(store, ALICE, 50)).toEqual(before);
        expect(before.changes).toEqual([{ kind: "deleted", of: "conversation", id }]);
        expect(await allConversations(store, ALICE, 50)).toEqual([]);
      }),
    );
  });
}

function deletedIn(change: Change): string[] {
  return change.kind === "deleted" ? [change.id] : [];
}
