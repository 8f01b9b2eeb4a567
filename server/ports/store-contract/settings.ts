import { describe, expect, it } from "vitest";
import { ALICE, allChanges, BOB, haveConversation, type OpenStore, turnOf, withStore } from "./samples.ts";

/** settings, patchSettings, and how the changes tell of them. */
export function describeSettings(open: OpenStore): void {
  describe("settings", () => {
    it(
      "are empty at first, keep what was set, and lose what was taken back",
      withStore(open, async (store) => {
        expect(await store.settings(ALICE)).toEqual({});
        for (const model of ["vendor/one", "vendor/two", 'odd "model" 狐 🦊']) {
          expect(await store.patchSettings(ALICE, { model })).toEqual({ model });
          expect(await store.settings(ALICE)).toEqual({ model });
          expect(await store.patchSettings(ALICE, {})).toEqual({ model });
        }
        expect(await store.patchSettings(ALICE, { model: null })).toEqual({});
        expect(await store.settings(ALICE)).toEqual({});
        expect(await store.settings(BOB)).toEqual({});
      }),
    );

    it(
      "move the cursor when they change and only then",
      withStore(open, async (store) => {
        const patches = [{ model: null }, { model: "one" }, { model: "one" }, { model: "two" }, {}, { model: null }];
        const moves: boolean[] = [];
        for (const patch of [...patches, { model: null }]) {
          const before = await store.cursor(ALICE);
          await store.patchSettings(ALICE, patch);
          moves.push((await store.cursor(ALICE)) !== before);
        }
        expect(moves).toEqual([false, true, false, true, false, true, false]);
        expect(await store.cursor(BOB)).toBeUndefined();
      }),
    );

    it(
      "are told in the page of changes that passes them, in their newest form, and not again",
      withStore(open, async (store) => {
        const empty = await store.changes(ALICE, { limit: 50 });
        expect(empty).not.toHaveProperty("settings");
        await store.patchSettings(ALICE, { model: "early" });
        await haveConversation(store, ALICE, 3);
        await store.patchSettings(ALICE, { model: "late" });
        const seen = await allChanges(store, ALICE, 1);
        expect(seen).toMatchObject({ settings: { model: "late" }, cursor: await store.cursor(ALICE) });
        expect(seen.changes).toHaveLength(7);
        expect(await store.changes(ALICE, { after: seen.cursor, limit: 50 })).not.toHaveProperty("settings");

        await store.openTurn(ALICE, turnOf());
        const turn = await store.changes(ALICE, { after: seen.cursor, limit: 50 });
        expect(turn).not.toHaveProperty("settings");
        await store.patchSettings(ALICE, { model: null });
        const taken = await store.changes(ALICE, { after: turn.cursor, limit: 50 });
        expect(taken).toEqual({ changes: [], settings: {}, cursor: await store.cursor(ALICE), more: false });
        expect(await allChanges(store, BOB, 50)).not.toHaveProperty("settings");
      }),
    );

    it(
      "are told to who watches",
      withStore(open, async (store) => {
        const told: string[] = [];
        store.watch(ALICE, (cursor) => told.push(cursor));
        await store.patchSettings(BOB, { model: "his" });
        await store.patchSettings(ALICE, { model: null });
        expect(told).toEqual([]);
        await store.patchSettings(ALICE, { model: "hers" });
        expect(told.at(-1)).toBe(await store.cursor(ALICE));
      }),
    );
  });
}
