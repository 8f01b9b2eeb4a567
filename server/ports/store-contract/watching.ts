import { describe, expect, it } from "vitest";
import { ALICE, allChanges, answerOf, BOB, haveConversation, type OpenStore, turnOf, withStore } from "./samples.ts";

/** watch, check and close. */
export function describeWatching(open: OpenStore): void {
  describe("watch", () => {
    it(
      "calls back before a write resolves that changed the user's history, with the newest cursor",
      withStore(open, async (store) => {
        const turn = turnOf();
        const seen: string[] = [];
        const end = store.watch(ALICE, (cursor) => seen.push(cursor));
        const steps = [
          () => store.openTurn(ALICE, turn),
          () => store.saveAnswer(ALICE, answerOf(turn)),
          () => store.patchConversation(ALICE, turn.conversationId, { pinned: true }),
          () => store.patchConversation(ALICE, turn.conversationId, { readUpTo: turn.assistantMessageId }),
          () => store.patchSettings(ALICE, { model: "vendor/one" }),
          () => store.deleteConversation(ALICE, turn.conversationId),
        ];
        for (const step of steps) {
          const calls = seen.length;
          const before = await allChanges(store, ALICE, 50);
          await step();
          expect(seen.length, String(step)).toBeGreaterThan(calls);
          expect(seen.at(-1)).toBe(await store.cursor(ALICE));
          expect(seen.at(-1)).not.toBe(before.cursor);
          const told = seen.length;
          await step();
          expect(seen.length, `${step}, again`).toBe(told);
        }
        const told = seen.length;
        await store.allowTool(ALICE, "files__write");
        await store.patchSettings(BOB, { model: "vendor/one" });
        await haveConversation(store, BOB, 1);
        expect(seen).toHaveLength(told);
        end();
        await haveConversation(store, ALICE, 1);
        expect(seen).toHaveLength(told);
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
        const calls = { both: 0, inside: 0, endedByOther: 0, stays: 0 };
        const watch = (name: keyof typeof calls, then: () => void = () => undefined) => {
          const onChange = () => {
            calls[name] += 1;
            then();
          };
          return [store.watch(ALICE, onChange), () => store.watch(ALICE, onChange)] as const;
        };
        const write = () => store.openTurn(ALICE, turnOf());
        const [endFirst, watchAgain] = watch("both");
        const endSecond = watchAgain();
        const [endInside] = watch("inside", () => endInside());
        store.watch(ALICE, () => endOther());
        const [endOther] = watch("endedByOther");
        watch("stays");

        await write();
        expect(calls).toMatchObject({ inside: 1, endedByOther: 0 });
        expect(calls.both).toBeGreaterThanOrEqual(2);
        for (const end of [endFirst, endFirst]) end();
        const before = { ...calls };
        await write();
        expect(calls.both).toBeGreaterThan(before.both);
        endSecond();
        const ended = { ...calls };
        await write();
        expect(calls).toMatchObject({ both: ended.both, inside: 1, endedByOther: 0 });
        expect(calls.stays).toBeGreaterThanOrEqual(3);
      }),
    );

    it(
      "calls the others when one throws, and the write succeeds",
      withStore(open, async (store) => {
        const seen: string[] = [];
        const turn = turnOf();
        store.watch(ALICE, () => {
          throw new Error("a watcher of the contract suite threw, as it should");
        });
        store.watch(ALICE, (cursor) => seen.push(cursor));
        await store.openTurn(ALICE, turn);
        expect(seen.at(-1)).toBe(await store.cursor(ALICE));
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
