import { describe, expect, it } from "vitest";
import {
  ALICE,
  allChanges,
  allMessages,
  answerOf,
  BOB,
  emptyAnswerOf,
  type OpenStore,
  questionOf,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** What is another user's answers exactly as what does not exist, and is never changed. */
export function describeOwnership(open: OpenStore): void {
  describe("ownership", () => {
    it(
      "shows nothing of another user in any method",
      withStore(open, async (store) => {
        const turn = turnOf();
        await store.openTurn(ALICE, turn);
        await store.allowTool(ALICE, "files__write");
        const { conversationId, userMessageId, assistantMessageId } = turn;

        expect(await store.checkTurn(BOB, turn)).toBe("not-found");
        expect(await store.checkTurn(BOB, turnAfter(turn))).toBe("not-found");
        expect(await store.path(BOB, assistantMessageId)).toEqual([]);
        expect(await store.path(BOB, userMessageId)).toEqual([]);
        expect(await store.listConversations(BOB, { limit: 50 })).toEqual({ conversations: [] });
        expect(await store.listMessages(BOB, conversationId, { limit: 50 })).toBeUndefined();
        expect(await store.hasConversation(BOB, conversationId)).toBe(false);
        expect((await store.changes(BOB, { limit: 50 })).changes).toEqual([]);
        expect(await store.cursor(BOB)).toBeUndefined();
        expect(await store.search(BOB, { q: "page", limit: 50 })).toEqual([]);
        expect(await store.search(BOB, { q: "pa", limit: 50 })).toEqual([]);
        expect(await store.allowedTools(BOB)).toEqual(new Set());
      }),
    );

    it(
      "changes nothing of another user in any method, and tells nobody",
      withStore(open, async (store) => {
        const turn = turnOf();
        await store.openTurn(ALICE, turn);
        const before = await allChanges(store, ALICE, 50);
        const told: string[] = [];
        for (const userId of [ALICE, BOB]) store.watch(userId, (cursor) => told.push(cursor));

        await store.openTurn(BOB, turn);
        await store.openTurn(BOB, turnAfter(turn));
        await store.openTurn(BOB, turnOf({ conversationId: turn.conversationId }));
        await store.openTurn(BOB, turnOf({ userMessageId: turn.userMessageId }));
        await store.openTurn(BOB, turnOf({ assistantMessageId: turn.assistantMessageId }));
        await store.openTurn(BOB, turnOf({ turnId: turn.turnId }));
        await store.saveAnswer(BOB, answerOf(turn));
        expect(await store.patchConversation(BOB, turn.conversationId, { title: "Bob's" })).toBeUndefined();
        expect(await store.deleteConversation(BOB, turn.conversationId)).toBe(false);

        expect(told).toEqual([]);
        expect(await allChanges(store, ALICE, 50)).toEqual(before);
        expect((await allChanges(store, BOB, 50)).changes).toEqual([]);
        expect(await allMessages(store, ALICE, turn.conversationId, 50)).toEqual([
          questionOf(turn),
          emptyAnswerOf(turn),
        ]);
      }),
    );
  });
}
