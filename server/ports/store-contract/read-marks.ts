import { describe, expect, it } from "vitest";
import type { Store } from "../store.ts";
import {
  ALICE,
  allChanges,
  answerOf,
  BOB,
  conversationOf,
  emptyAnswerOf,
  haveConversation,
  newId,
  type OpenStore,
  timeAt,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** patchConversation with `readUpTo`, and `unread` wherever a conversation is shown. */
export function describeReadMarks(open: OpenStore): void {
  describe("read marks", () => {
    it(
      "are passed by the end of an answer, whichever end, and by nothing else",
      withStore(open, async (store) => {
        for (const status of ["complete", "stopped", "failed", "interrupted"] as const) {
          const turn = turnOf();
          const unread = async () => (await conversationOf(store, ALICE, turn.conversationId)).unread;
          await store.openTurn(ALICE, turn);
          expect(await unread(), "a question").toBe(false);
          await store.saveAnswer(ALICE, answerOf(turn, "Half", { status: "streaming" }));
          expect(await unread(), "a streaming answer").toBe(false);
          await store.saveAnswer(ALICE, answerOf(turn, "Whole", { status }));
          expect(await unread(), status).toBe(true);
          await store.patchConversation(ALICE, turn.conversationId, { title: "T", pinned: true, archived: true });
          expect(await unread(), "a patch without a mark").toBe(true);
        }
      }),
    );

    it(
      "move forward only, within one conversation, and the same in every place that shows them",
      withStore(open, async (store) => {
        const [first, second, third] = await haveConversation(store, ALICE, 3);
        if (!first || !second || !third) throw new Error("three turns");
        const steps: [string, boolean][] = [
          [first.assistantMessageId, true],
          [third.userMessageId, true],
          [second.assistantMessageId, true],
          [third.assistantMessageId, false],
          [first.userMessageId, false],
          [third.assistantMessageId, false],
        ];
        for (const [readUpTo, unread] of steps) {
          const patched = await store.patchConversation(ALICE, first.conversationId, { readUpTo });
          expect(patched).toMatchObject({ unread });
          expect(await everywhere(store, first.conversationId)).toEqual([patched, patched]);
        }
        const next = turnAfter(third);
        await store.openTurn(ALICE, next);
        expect(await conversationOf(store, ALICE, first.conversationId)).toMatchObject({ unread: false });
        await store.saveAnswer(ALICE, answerOf(next));
        expect(await conversationOf(store, ALICE, first.conversationId)).toMatchObject({ unread: true });
      }),
    );

    it(
      "may stand at an answer before its end: who watched it has read it",
      withStore(open, async (store) => {
        const turn = turnOf();
        await store.openTurn(ALICE, turn);
        await store.patchConversation(ALICE, turn.conversationId, { readUpTo: turn.assistantMessageId });
        await store.saveAnswer(ALICE, answerOf(turn));
        expect(await conversationOf(store, ALICE, turn.conversationId)).toMatchObject({ unread: false });
      }),
    );

    it(
      "stand against the greatest answer that ended, in whatever order answers end",
      withStore(open, async (store) => {
        const early = turnOf();
        const late = turnAfter(early);
        for (const turn of [early, late]) await store.openTurn(ALICE, turn);
        const unread = async () => (await conversationOf(store, ALICE, early.conversationId)).unread;
        await store.saveAnswer(ALICE, answerOf(late));
        await store.patchConversation(ALICE, early.conversationId, { readUpTo: early.assistantMessageId });
        await store.saveAnswer(ALICE, answerOf(early));
        expect(await unread()).toBe(true);
        await store.patchConversation(ALICE, early.conversationId, { readUpTo: late.assistantMessageId });
        expect(await unread()).toBe(false);
      }),
    );

    it(
      "take no id of another conversation, of another user or of nothing",
      withStore(open, async (store) => {
        const [turn] = await haveConversation(store, ALICE, 1);
        const [elsewhere] = await haveConversation(store, ALICE, 1);
        const [bobs] = await haveConversation(store, BOB, 1);
        const [gone] = await haveConversation(store, ALICE, 1);
        if (!turn || !elsewhere || !bobs || !gone) throw new Error("four turns");
        await store.deleteConversation(ALICE, gone.conversationId);
        const before = await allChanges(store, ALICE, 50);
        const row = await conversationOf(store, ALICE, turn.conversationId);
        const ids = [elsewhere, bobs, gone].flatMap((other) => [other.assistantMessageId, other.userMessageId]);
        for (const readUpTo of [...ids, turn.conversationId, turn.turnId, newId()]) {
          expect(await store.patchConversation(ALICE, turn.conversationId, { readUpTo })).toEqual(row);
        }
        expect(await allChanges(store, ALICE, 50)).toEqual(before);
        expect(row.unread).toBe(true);
      }),
    );

    it(
      "are no activity, and repeating one makes no change",
      withStore(open, async (store) => {
        const [old] = await haveConversation(store, ALICE, 1);
        const young = turnOf({ createdAt: timeAt(20_000) });
        await store.openTurn(ALICE, young);
        await store.saveAnswer(ALICE, emptyAnswerOf(young));
        if (!old) throw new Error("a turn");
        const before = await conversationOf(store, ALICE, old.conversationId);
        const seen = await allChanges(store, ALICE, 50);
        const patch = { readUpTo: old.assistantMessageId };
        const read = await store.patchConversation(ALICE, old.conversationId, patch);
        const cursor = await store.cursor(ALICE);

        expect(read).toEqual({ ...before, unread: false });
        expect((await allChanges(store, ALICE, 50, seen.cursor)).changes).toEqual([
          { kind: "conversation", conversation: read },
        ]);
        expect(await store.patchConversation(ALICE, old.conversationId, patch)).toEqual(read);
        expect(await store.patchConversation(ALICE, old.conversationId, { readUpTo: old.userMessageId })).toEqual(read);
        expect(await store.cursor(ALICE)).toBe(cursor);
        const { conversations } = await store.listConversations(ALICE, { limit: 1 });
        expect(conversations).toMatchObject([{ id: young.conversationId }]);
      }),
    );

    it(
      "go with the other fields of a patch as one change",
      withStore(open, async (store) => {
        const [turn] = await haveConversation(store, ALICE, 1);
        if (!turn) throw new Error("a turn");
        const seen = await allChanges(store, ALICE, 50);
        const patch = { readUpTo: turn.assistantMessageId, title: "Seen", archived: true };
        const changed = await store.patchConversation(ALICE, turn.conversationId, patch);
        expect(changed).toMatchObject({ unread: false, title: "Seen", archived: true, pinned: false });
        expect(changed).not.toHaveProperty("readUpTo");
        expect((await allChanges(store, ALICE, 50, seen.cursor)).changes).toHaveLength(1);
      }),
    );
  });
}

/** The conversation as the list and as the changes have it. */
async function everywhere(store: Store, id: string): Promise<unknown[]> {
  const { changes } = await allChanges(store, ALICE, 50);
  const told = changes.flatMap((change) => (change.kind === "conversation" ? [change.conversation] : []));
  return [await conversationOf(store, ALICE, id), told.find((row) => row.id === id)];
}
