import { describe, expect, it } from "vitest";
import type { Change } from "../../../lib/protocol/responses.ts";
import {
  ALICE,
  allChanges,
  answerOf,
  BOB,
  haveConversation,
  LIMITS_TRIED,
  newId,
  type OpenStore,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** changes and cursor. */
export function describeChanges(open: OpenStore): void {
  describe("changes", () => {
    it(
      "tells each row once in its newest form, in the same order at any page size",
      withStore(open, async (store) => {
        const turns = await haveConversation(store, ALICE, 13);
        await haveConversation(store, BOB, 2);
        const more = await haveConversation(store, ALICE, 1);
        const whole = await allChanges(store, ALICE, 200);
        const keys = whole.changes.map(keyOf);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys).toHaveLength(2 + 2 * (turns.length + more.length));
        expect(whole.changes.filter((change) => statusOf(change) === "streaming")).toEqual([]);
        for (const limit of LIMITS_TRIED) expect(await allChanges(store, ALICE, limit)).toEqual(whole);
      }),
    );

    it(
      "shows a streaming answer with its turn, and its end later",
      withStore(open, async (store) => {
        const turn = turnOf();
        await store.openTurn(ALICE, turn);
        const opened = await allChanges(store, ALICE, 50);
        await store.saveAnswer(ALICE, answerOf(turn));
        const ended = await allChanges(store, ALICE, 50, opened.cursor);
        expect(opened.changes.map(statusOf)).toEqual([undefined, "complete", "streaming"]);
        expect(opened.changes.at(-1)).toMatchObject({ message: { turnId: turn.turnId } });
        expect(ended.changes.map(keyOf).sort()).toEqual([turn.conversationId, turn.assistantMessageId].sort());
        expect(ended.changes).toContainEqual({ kind: "message", message: answerOf(turn) });
      }),
    );

    it(
      "leaves one tombstone of a deleted conversation and none of its rows",
      withStore(open, async (store) => {
        const gone = await haveConversation(store, ALICE, 3);
        const id = gone[0]?.conversationId ?? "";
        const seen = await allChanges(store, ALICE, 50);
        await haveConversation(store, ALICE, 1);
        await store.deleteConversation(ALICE, id);
        await store.deleteConversation(ALICE, id);
        const tombstone = { kind: "deleted", of: "conversation", id };
        expect((await allChanges(store, ALICE, 50, seen.cursor)).changes.at(-1)).toEqual(tombstone);
        const whole = (await allChanges(store, ALICE, 2)).changes;
        expect(whole).toHaveLength(4);
        expect(whole.at(-1)).toEqual(tombstone);
      }),
    );

    it(
      "tells again what changed between two pages, and loses nothing that did not",
      withStore(open, async (store) => {
        const turns = [turnOf(), turnOf(), turnOf()];
        for (const turn of turns) await store.openTurn(ALICE, turn);
        const [first, second, third] = turns;
        if (!first || !second || !third) throw new Error("three turns");
        const page = await store.changes(ALICE, { limit: 4 });
        await store.patchConversation(ALICE, first.conversationId, { title: "Seen, then changed" });
        await store.saveAnswer(ALICE, answerOf(second));
        await store.openTurn(ALICE, turnAfter(third));
        await store.deleteConversation(ALICE, third.conversationId);
        const rest = await allChanges(store, ALICE, 1, page.cursor);

        expect(page.more).toBe(true);
        const keys = rest.changes.map(keyOf);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.sort()).toEqual(
          [first.conversationId, second.conversationId, second.assistantMessageId, third.conversationId].sort(),
        );
      }),
    );

    it(
      "gives cursors before the first change and behind the last",
      withStore(open, async (store) => {
        expect(await store.cursor(ALICE)).toBeUndefined();
        const empty = await store.changes(ALICE, { limit: 50 });
        expect(empty).toMatchObject({ changes: [], more: false });
        await haveConversation(store, ALICE, 1);
        expect((await allChanges(store, ALICE, 50, empty.cursor)).changes).toHaveLength(3);

        const newest = (await store.cursor(ALICE)) ?? "";
        await haveConversation(store, BOB, 1);
        expect(await store.cursor(ALICE)).toBe(newest);
        const rest = await store.changes(ALICE, { after: newest, limit: 50 });
        expect(rest).toMatchObject({ changes: [], more: false });
        expect(await store.changes(ALICE, { after: rest.cursor, limit: 50 })).toEqual(rest);
      }),
    );

    it(
      "refuses cursors that are not its own",
      withStore(open, async (store) => {
        await haveConversation(store, ALICE, 1);
        const newest = (await store.cursor(ALICE)) ?? "";
        for (const after of ["", "0", "-1", "nonsense", `${newest}x`, `x${newest}`, newId(), "' OR 1=1 --", "💥"]) {
          const refused = expect(store.changes(ALICE, { after, limit: 5 }), after);
          await refused.rejects.toMatchObject({ name: "ApiError", code: "bad_request" });
        }
      }),
    );
  });
}

function keyOf(change: Change): string {
  if (change.kind === "conversation") return change.conversation.id;
  return change.kind === "message" ? change.message.id : change.id;
}

function statusOf(change: Change): string | undefined {
  return change.kind === "message" ? change.message.status : undefined;
}
