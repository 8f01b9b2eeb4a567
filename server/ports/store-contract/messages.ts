import { describe, expect, it } from "vitest";
import {
  ALICE,
  allMessages,
  answerOf,
  emptyAnswerOf,
  haveConversation,
  LIMITS_TRIED,
  newId,
  type OpenStore,
  questionOf,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** listMessages and path. */
export function describeMessages(open: OpenStore): void {
  describe("listMessages", () => {
    it(
      "pages from the newest backwards, oldest first within a page, every row once at any page size",
      withStore(open, async (store) => {
        const turns = await haveConversation(store, ALICE, 26);
        await haveConversation(store, ALICE, 3);
        const id = turns[0]?.conversationId ?? "";
        const expected = turns.flatMap((turn, index) => [questionOf(turn), answerOf(turn, `Answer ${index}`)]);
        for (const limit of [...LIMITS_TRIED, 52, 200]) {
          expect(await allMessages(store, ALICE, id, limit)).toEqual(expected);
        }
        expect((await store.listMessages(ALICE, id, { limit: 3 }))?.messages).toEqual(expected.slice(-3));
      }),
    );

    it(
      "keeps the pages in place when messages come and answers end between them",
      withStore(open, async (store) => {
        const first = turnOf();
        const second = turnAfter(first);
        for (const turn of [first, second]) await store.openTurn(ALICE, turn);
        const page = await store.listMessages(ALICE, first.conversationId, { limit: 2 });
        await store.saveAnswer(ALICE, answerOf(first));
        await store.openTurn(ALICE, turnAfter(second));
        const rest = await store.listMessages(ALICE, first.conversationId, { limit: 2, before: page?.before ?? "" });
        expect(page?.messages).toEqual([questionOf(second), emptyAnswerOf(second)]);
        expect(rest).toEqual({ messages: [questionOf(first), answerOf(first)] });
      }),
    );

    it(
      "has no pages of unknown conversations and refuses cursors that are not its own",
      withStore(open, async (store) => {
        const [turn] = await haveConversation(store, ALICE, 1);
        expect(await store.listMessages(ALICE, newId(), { limit: 5 })).toBeUndefined();
        for (const before of ["", "x", "W10", "WyJhIl0", "💥"]) {
          const refused = expect(store.listMessages(ALICE, turn?.conversationId ?? "", { before, limit: 5 }), before);
          await refused.rejects.toMatchObject({ code: "bad_request" });
        }
      }),
    );
  });

  describe("path", () => {
    it(
      "leads from the root to the message, past the branches",
      withStore(open, async (store) => {
        const root = turnOf();
        const left = turnAfter(root);
        const right = turnAfter(root);
        const editedQuestion = turnOf({ conversationId: root.conversationId });
        const belowLeft = turnAfter(left);
        const again = turnAfter(left, { parentId: left.userMessageId });
        const all = [root, left, right, editedQuestion, belowLeft, again];
        for (const turn of all) await store.openTurn(ALICE, turn);
        const both = (turn: typeof root) => [questionOf(turn), emptyAnswerOf(turn)];

        const pathTo = (id: string) => store.path(ALICE, id);
        expect(await pathTo(root.userMessageId)).toEqual([questionOf(root)]);
        expect(await pathTo(right.assistantMessageId)).toEqual([...both(root), ...both(right)]);
        expect(await pathTo(belowLeft.assistantMessageId)).toEqual([root, left, belowLeft].flatMap(both));
        expect(await pathTo(again.userMessageId)).toEqual([...both(root), questionOf(left), questionOf(again)]);
        expect(await pathTo(editedQuestion.assistantMessageId)).toEqual(both(editedQuestion));
        expect(await pathTo(newId())).toEqual([]);
      }),
    );
  });
}
