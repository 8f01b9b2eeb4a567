import { describe, expect, it } from "vitest";
import type { ConversationPatch } from "../../../lib/protocol/requests.ts";
import {
  ALICE,
  allConversations,
  answerOf,
  haveConversation,
  LIMITS_TRIED,
  NOW,
  newId,
  type OpenStore,
  timeAt,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** listConversations, hasConversation, patchConversation, deleteConversation, and the tools allowed always. */
export function describeConversations(open: OpenStore): void {
  describe("listConversations", () => {
    it(
      "lists newest activity first, every row once at any page size, also with equal times",
      withStore(open, async (store) => {
        const turns = Array.from({ length: 60 }, (_, index) => turnOf({ createdAt: timeAt(Math.floor(index / 20)) }));
        for (const turn of turns) await store.openTurn(ALICE, turn);
        const whole = await allConversations(store, ALICE, 200);
        expect(whole.map(({ id }) => id).sort()).toEqual(turns.map((turn) => turn.conversationId).sort());
        expect(whole.map(({ updatedAt }) => updatedAt)).toEqual(
          whole
            .map(({ updatedAt }) => updatedAt)
            .sort()
            .reverse(),
        );
        for (const limit of LIMITS_TRIED) expect(await allConversations(store, ALICE, limit)).toEqual(whole);
      }),
    );

    it(
      "moves a conversation up for a turn and for the end of its answer, not for a title, a pin or the archive",
      withStore(open, async (store) => {
        const [old, middle, young] = [0, 1, 2].map((seconds) => turnOf({ createdAt: timeAt(seconds) }));
        if (!old || !middle || !young) throw new Error("three turns");
        for (const turn of [old, middle, young]) await store.openTurn(ALICE, turn);
        const order = async () => (await allConversations(store, ALICE, 2)).map(({ id }) => id);

        await store.patchConversation(ALICE, old.conversationId, { title: "T", pinned: true, archived: true });
        expect(await order()).toEqual([young, middle, old].map((turn) => turn.conversationId));
        await store.openTurn(ALICE, turnAfter(old, { createdAt: timeAt(3) }));
        expect(await order()).toEqual([old, young, middle].map((turn) => turn.conversationId));
        await store.saveAnswer(ALICE, answerOf(middle));
        expect(await order()).toEqual([middle, old, young].map((turn) => turn.conversationId));
        expect((await allConversations(store, ALICE, 1))[0]?.updatedAt).toBe(timeAt(NOW));
      }),
    );

    it(
      "refuses cursors that are not its own",
      withStore(open, async (store) => {
        await haveConversation(store, ALICE, 1);
        for (const before of ["", "x", "W10", "bm9wZQ", "💥", "eyJhIjoxfQ"]) {
          const refused = expect(store.listConversations(ALICE, { before, limit: 5 }), before);
          await refused.rejects.toMatchObject({ code: "bad_request" });
        }
      }),
    );
  });

  describe("patchConversation", () => {
    const patches: ConversationPatch[] = [
      { title: "Foxes" },
      { pinned: true },
      { archived: true },
      { title: "Füchse 🦊", pinned: false, archived: false },
    ];

    it(
      "changes what is named and nothing else; the same patch again changes nothing",
      withStore(open, async (store) => {
        const [turn] = await haveConversation(store, ALICE, 1);
        const id = turn?.conversationId ?? "";
        let expected = (await allConversations(store, ALICE, 1))[0];
        for (const patch of patches) {
          const before = await store.cursor(ALICE);
          expected = expected && { ...expected, ...patch };
          expect(await store.patchConversation(ALICE, id, patch)).toEqual(expected);
          const after = await store.cursor(ALICE);
          expect(after).not.toBe(before);
          expect(await store.patchConversation(ALICE, id, patch)).toEqual(expected);
          expect(await store.cursor(ALICE)).toBe(after);
          expect(await allConversations(store, ALICE, 1)).toEqual([expected]);
        }
        expect(await store.patchConversation(ALICE, newId(), { pinned: true })).toBeUndefined();
      }),
    );
  });

  describe("deleteConversation", () => {
    it(
      "takes the conversation, its messages and what was found in them, for good",
      withStore(open, async (store) => {
        const [kept] = await haveConversation(store, ALICE, 2);
        const gone = await haveConversation(store, ALICE, 3);
        const id = gone[0]?.conversationId ?? "";
        expect(await store.hasConversation(ALICE, id)).toBe(true);
        expect(await store.deleteConversation(ALICE, id)).toBe(true);
        const cursor = await store.cursor(ALICE);
        expect(await store.deleteConversation(ALICE, id)).toBe(false);
        expect(await store.deleteConversation(ALICE, newId())).toBe(false);
        expect(await store.cursor(ALICE)).toBe(cursor);

        expect(await store.hasConversation(ALICE, id)).toBe(false);
        expect(await store.patchConversation(ALICE, id, { pinned: true })).toBeUndefined();
        expect(await store.listMessages(ALICE, id, { limit: 50 })).toBeUndefined();
        expect(await store.path(ALICE, gone[2]?.assistantMessageId ?? "")).toEqual([]);
        expect((await allConversations(store, ALICE, 50)).map((row) => row.id)).toEqual([kept?.conversationId]);
        const hits = await store.search(ALICE, { q: "answer", limit: 50 });
        expect(new Set(hits.map((hit) => hit.conversationId))).toEqual(new Set([kept?.conversationId]));
      }),
    );
  });

  describe("allowTool", () => {
    it(
      "remembers each tool once and is no change of history",
      withStore(open, async (store) => {
        expect(await store.allowedTools(ALICE)).toEqual(new Set());
        await store.allowTool(ALICE, "files__write");
        await store.allowTool(ALICE, "files__write");
        await store.allowTool(ALICE, "memory__add");
        expect(await store.allowedTools(ALICE)).toEqual(new Set(["files__write", "memory__add"]));
        expect(await store.cursor(ALICE)).toBeUndefined();
      }),
    );
  });
}
