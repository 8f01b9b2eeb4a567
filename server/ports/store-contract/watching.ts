import { describe, expect, it } from "vitest";
import { ALICE, allChanges, answerOf, BOB, haveConversation, type OpenStore, turnOf, withStore } from "./samples.ts";

/** watch, check and close. */
export function describeWatching(open: OpenStore): void {
  describe("watch", () => {
    it(
      "calls back after each commit that changed the user's history, with its cursor",
      withStore(open, async (store) => {
        const turn = turnOf();
        const seen = watcherOf();
        const end = store.watch(ALICE, seen.onChange);
        const steps = [
          () => store.openTurn(ALICE, turn),
          () => store.saveAnswer(ALICE, answerOf(turn)),
          () => store.patchConversation(ALICE, turn.conversationId, { pinned: true }),
          () => store.deleteConversation(ALICE, turn.conversationId),
        ];
        for (const [index, step] of steps.entries()) {
          const before = await allChanges(store, ALICE, 50);
          await step();
          expect(await seen.upTo(index + 1)).toBe(await store.cursor(ALICE));
          expect((await allChanges(store, ALICE, 50, before.cursor)).changes).not.toEqual([]);
          await step();
        }
        await store.allowTool(ALICE, "files__write");
        await haveConversation(store, BOB, 1);
        await haveConversation(store, ALICE, 1);
        expect(await seen.upTo(steps.length + 2)).toBe(await store.cursor(ALICE));
        expect(seen.cursors).toHaveLength(steps.length + 2);
        end();
      }),
    );

    it(
      "shows the row to who reads at the call",
      withStore(open, async (store) => {
        const turn = turnOf();
        const read = new Promise<boolean>((resolve, reject) => {
          store.watch(ALICE, () => store.hasConversation(ALICE, turn.conversationId).then(resolve, reject));
        });
        await store.openTurn(ALICE, turn);
        expect(await read).toBe(true);
      }),
    );

    it(
      "ends for who ended it, also twice and also from inside a call, and for nobody else",
      withStore(open, async (store) => {
        const stays = watcherOf();
        const both = watcherOf();
        const ends = [store.watch(ALICE, both.onChange), store.watch(ALICE, both.onChange)];
        const endInside = store.watch(ALICE, () => endInside());
        const endedByOther = watcherOf();
        store.watch(ALICE, () => endOther());
        const endOther = store.watch(ALICE, endedByOther.onChange);
        store.watch(ALICE, stays.onChange);
        await store.openTurn(ALICE, turnOf());
        await both.upTo(2);
        ends[0]?.();
        ends[0]?.();
        await store.openTurn(ALICE, turnOf());
        await stays.upTo(2);
        expect(both.cursors).toHaveLength(3);
        ends[1]?.();
        await store.openTurn(ALICE, turnOf());
        await stays.upTo(3);
        expect(both.cursors).toHaveLength(3);
        expect(endedByOther.cursors).toEqual([]);
      }),
    );

    it(
      "calls the others when one throws, and the write succeeds",
      withStore(open, async (store) => {
        const seen = watcherOf();
        const turn = turnOf();
        store.watch(ALICE, () => {
          throw new Error("a watcher of the contract suite threw, as it should");
        });
        store.watch(ALICE, seen.onChange);
        await store.openTurn(ALICE, turn);
        expect(await seen.upTo(1)).toBe(await store.cursor(ALICE));
        expect(await store.hasConversation(ALICE, turn.conversationId)).toBe(true);
      }),
    );
  });

  describe("check and close", () => {
    it(
      "is ready until it is closed, then unavailable; closing twice is no fault",
      withStore(open, async (store) => {
        await store.check();
        expect(await store.cursor(ALICE)).toBeUndefined();
        await store.close();
        await store.close();
        await expect(store.check()).rejects.toThrow();
        await expect(store.openTurn(ALICE, turnOf())).rejects.toMatchObject({ name: "ApiError", code: "unavailable" });
      }),
    );
  });
}

/** Collects cursors; `upTo` waits for that many calls, because an adapter may tell of its commits from afar. */
function watcherOf() {
  const cursors: string[] = [];
  let wake: () => void = () => undefined;
  return {
    cursors,
    onChange(cursor: string): void {
      cursors.push(cursor);
      wake();
    },
    async upTo(count: number): Promise<string | undefined> {
      while (cursors.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return cursors[count - 1];
    },
  };
}
