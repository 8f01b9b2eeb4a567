import { describe, expect, it } from "vitest";
import type { Store } from "../store.ts";
import { ALICE, allChanges, haveConversation, type OpenStore, withStore } from "./samples.ts";
import { WRITE_CASES } from "./write-cases.ts";

/** Writes that come again: a caller that saw no answer sends the same once more, or two callers send it at once. */
export function describeReplays(open: OpenStore): void {
  describe("replayed writes", () => {
    it.each(WRITE_CASES)("$name: repeating it changes nothing", ({ prepare, rows, answersAgain, ...write }) =>
      withStore(open, async (store) => {
        const call = await prepare(store);
        const before = await allChanges(store, ALICE, 50);
        const answer = await call();
        const after = await state(store, before.cursor);
        expect(rowsIn(after.changes)).toBe(rows);
        if ("answers" in write) expect(answer).toEqual(write.answers);
        for (let times = 0; times < 3; times += 1) expect(await call()).toEqual(answersAgain ?? answer);
        expect(await state(store, before.cursor)).toEqual(after);

        // Also when other things happened in between.
        await haveConversation(store, ALICE, 1);
        const later = await state(store, before.cursor);
        await call();
        expect(await state(store, before.cursor)).toEqual(later);
      })(),
    );

    it.each(WRITE_CASES)("$name: at once it is one change", ({ prepare, rows, answersAgain }) =>
      withStore(open, async (store) => {
        const call = await prepare(store);
        const before = await allChanges(store, ALICE, 50);
        const told = new Set<string>();
        const end = store.watch(ALICE, (cursor) => told.add(cursor));
        const answers = await Promise.all([call(), call(), call(), call()]);
        end();
        const after = await state(store, before.cursor);
        expect(rowsIn(after.changes)).toBe(rows);
        expect([...told]).toEqual(rows === 0 ? [] : [after.cursor]);
        const [first, ...others] = answersAgain === undefined ? answers : answers.sort().reverse();
        expect(others).toEqual(others.map(() => answersAgain ?? first));
        await call();
        expect(await state(store, before.cursor)).toEqual(after);
      })(),
    );
  });
}

/** All that a person can see, and the cursor, which moves with every change row. */
async function state(store: Store, after: string) {
  return {
    changes: await allChanges(store, ALICE, 50, after),
    whole: await allChanges(store, ALICE, 200),
    conversations: await store.listConversations(ALICE, { limit: 200 }),
    settings: await store.settings(ALICE),
    tools: await store.allowedTools(ALICE),
    cursor: await store.cursor(ALICE),
  };
}

function rowsIn({ changes, settings }: { changes: unknown[]; settings?: unknown }): number {
  return changes.length + (settings === undefined ? 0 : 1);
}
