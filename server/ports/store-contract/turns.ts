import { describe, expect, it } from "vitest";
import type { Message } from "../../../lib/protocol/messages.ts";
import type { OpenTurn, TurnPlace } from "../store.ts";
import {
  ALICE,
  allChanges,
  allMessages,
  answerOf,
  BOB,
  emptyAnswerOf,
  NOW,
  newId,
  type OpenStore,
  questionOf,
  timeAt,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** checkTurn, openTurn and saveAnswer. */
export function describeTurns(open: OpenStore): void {
  describe("checkTurn", () => {
    const first = turnOf();
    const second = turnAfter(first);
    const elsewhere = turnOf();
    const deleted = turnOf();
    const bobs = turnOf();
    const bobsDeleted = turnOf();
    const inFirst = (given: Partial<OpenTurn> = {}) => turnAfter(first, given);

    const cases: [string, TurnPlace, "ok" | "not-found" | "message-taken"][] = [
      ["a new conversation", turnOf(), "ok"],
      ["a follow-up", inFirst(), "ok"],
      ["a second answer to an early message", inFirst({ parentId: first.userMessageId }), "ok"],
      ["a new root in an old conversation", inFirst({ parentId: null }), "ok"],
      ["the very turn again", second, "ok"],
      ["a foreign conversation", turnOf({ conversationId: bobs.conversationId }), "not-found"],
      ["a deleted conversation", turnOf({ conversationId: deleted.conversationId }), "not-found"],
      ["a foreign deleted conversation", turnOf({ conversationId: bobsDeleted.conversationId }), "not-found"],
      ["a turn that was deleted with its conversation", deleted, "not-found"],
      ["an unknown parent", inFirst({ parentId: newId() }), "not-found"],
      ["a parent in another conversation", inFirst({ parentId: elsewhere.userMessageId }), "not-found"],
      ["a parent of another user", inFirst({ parentId: bobs.userMessageId }), "not-found"],
      ["a parent in a new conversation", turnOf({ parentId: first.userMessageId }), "not-found"],
      ["a message id of another turn", inFirst({ userMessageId: second.userMessageId }), "message-taken"],
      ["a message id of an answer", inFirst({ userMessageId: first.assistantMessageId }), "message-taken"],
      ["a message id of another user", inFirst({ userMessageId: bobs.userMessageId }), "message-taken"],
      ["a turn id of another user", inFirst({ turnId: bobs.turnId }), "not-found"],
      ["a turn id of another question", inFirst({ turnId: second.turnId }), "not-found"],
    ];

    it(
      "answers by the table, and openTurn adds rows to what is ok and new only",
      withStore(open, async (store) => {
        for (const turn of [first, second, elsewhere, deleted]) await store.openTurn(ALICE, turn);
        for (const turn of [bobs, bobsDeleted]) await store.openTurn(BOB, turn);
        await store.deleteConversation(ALICE, deleted.conversationId);
        await store.deleteConversation(BOB, bobsDeleted.conversationId);

        for (const [name, turn, expected] of cases) {
          expect.soft(await store.checkTurn(ALICE, turn), name).toBe(expected);
        }
        const before = await Promise.all([allChanges(store, ALICE, 50), allChanges(store, BOB, 50)]);
        for (const [, turn, expected] of cases) {
          if (expected !== "ok") await store.openTurn(ALICE, { ...turnOf(), ...turn });
        }
        expect(await Promise.all([allChanges(store, ALICE, 50), allChanges(store, BOB, 50)])).toEqual(before);
      }),
    );
  });

  describe("openTurn", () => {
    it(
      "saves the conversation, the question and the empty answer, once",
      withStore(open, async (store) => {
        const turn = turnOf({ createdAt: timeAt(5) });
        const conversation = {
          id: turn.conversationId,
          title: turn.title,
          pinned: false,
          archived: false,
          unread: false,
          createdAt: timeAt(5),
          updatedAt: timeAt(5),
        };
        await store.openTurn(ALICE, turn);
        const cursor = await store.cursor(ALICE);
        await store.openTurn(ALICE, turn);
        await store.openTurn(ALICE, { ...turn, assistantMessageId: newId(), title: "Other", createdAt: timeAt(6) });

        expect(await store.cursor(ALICE)).toBe(cursor);
        expect((await allChanges(store, ALICE, 50)).changes).toEqual([
          { kind: "conversation", conversation },
          { kind: "message", message: questionOf(turn) },
          { kind: "message", message: emptyAnswerOf(turn) },
        ]);
      }),
    );

    it(
      "keeps title and creation of a conversation that exists, and moves its activity forwards only",
      withStore(open, async (store) => {
        const first = turnOf({ createdAt: timeAt(5) });
        await store.openTurn(ALICE, first);
        await store.openTurn(ALICE, turnAfter(first, { title: "Another", createdAt: timeAt(9) }));
        await store.openTurn(ALICE, turnAfter(first, { createdAt: timeAt(7) }));
        const { conversations } = await store.listConversations(ALICE, { limit: 50 });
        expect(conversations).toMatchObject([{ title: first.title, createdAt: timeAt(5), updatedAt: timeAt(9) }]);
      }),
    );
  });

  describe("saveAnswer", () => {
    it(
      "writes over the streaming row, once, and counts as activity",
      withStore(open, async (store) => {
        const turn = turnOf();
        const answer: Message = {
          ...answerOf(turn),
          parts: [
            { type: "reasoning", text: "Hm." },
            {
              ...{ type: "tool", callId: "c1", server: "files", tool: "read", state: "done" },
              ...{ args: { path: "a", deep: [1, null, { b: "" }] } },
              content: [{ type: "json", json: { size: 3 } }],
            },
            { type: "text", text: `odd units: \ud83d \0 \u2028 👩‍👩‍👧 "quoted" \\ ${"é"}` },
          ],
          usage: { inputTokens: 3, outputTokens: 5, cost: 0.001 },
          status: "failed",
          error: { code: "upstream_error", message: "The model's server broke off.", retryable: true },
        };
        await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answer);
        const cursor = await store.cursor(ALICE);
        await store.saveAnswer(ALICE, answer);
        await store.openTurn(ALICE, turn);

        expect(await store.cursor(ALICE)).toBe(cursor);
        expect(await allMessages(store, ALICE, turn.conversationId, 50)).toEqual([questionOf(turn), answer]);
        const { conversations } = await store.listConversations(ALICE, { limit: 50 });
        expect(conversations).toMatchObject([{ createdAt: timeAt(0), updatedAt: timeAt(NOW) }]);
      }),
    );

    it(
      "keeps the first end: a later save of the same answer changes nothing",
      withStore(open, async (store) => {
        const turn = turnOf();
        await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answerOf(turn, "Whole."));
        await store.saveAnswer(ALICE, answerOf(turn, "Wh", { status: "interrupted" }));
        await store.saveAnswer(ALICE, emptyAnswerOf(turn));
        expect((await store.path(ALICE, turn.assistantMessageId)).at(-1)).toEqual(answerOf(turn, "Whole."));
      }),
    );

    it(
      "does nothing without its row: never opened, deleted, a question's, another turn's or another user's",
      withStore(open, async (store) => {
        const [turn, gone, bobs] = [turnOf(), turnOf(), turnOf()];
        await store.openTurn(ALICE, turn);
        await store.openTurn(ALICE, gone);
        await store.openTurn(BOB, bobs);
        await store.deleteConversation(ALICE, gone.conversationId);
        const before = await Promise.all([allChanges(store, ALICE, 50), allChanges(store, BOB, 50)]);

        await store.saveAnswer(ALICE, answerOf(turnOf()));
        await store.saveAnswer(ALICE, answerOf(gone));
        await store.saveAnswer(ALICE, answerOf(bobs));
        await store.saveAnswer(ALICE, answerOf(turn, "x", { id: turn.userMessageId }));
        await store.saveAnswer(ALICE, answerOf(turn, "x", { turnId: newId() }));
        await store.saveAnswer(ALICE, answerOf(turn, "x", { conversationId: newId() }));
        await store.openTurn(ALICE, gone);

        expect(await Promise.all([allChanges(store, ALICE, 50), allChanges(store, BOB, 50)])).toEqual(before);
        expect(await store.hasConversation(ALICE, gone.conversationId)).toBe(false);
      }),
    );
  });
}
