import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HistoryAtConvex, historyAtConvex } from "../../../tests/fixtures/convex-history.ts";
import type { Store } from "../../ports/store.ts";
import { ALICE, allChanges, answerOf, BOB, haveConversation, turnOf } from "../../ports/store-contract/samples.ts";

let history: HistoryAtConvex;
let one: Store;
let other: Store;

beforeEach(async () => {
  history = await historyAtConvex();
  [one, other] = [history.openStore(), history.openStore()];
});

afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
  await history.deployment.stop();
});

describe("two servers on one deployment", () => {
  it("tell each other's changes, each cursor once and never backwards", async () => {
    const seen = watch(one);
    const turn = turnOf();
    const writes = [
      () => other.openTurn(ALICE, turn),
      () => one.openTurn(ALICE, turnOf()),
      () => other.saveAnswer(ALICE, answerOf(turn)),
      () => one.patchConversation(ALICE, turn.conversationId, { pinned: true }),
      () => other.patchSettings(ALICE, { model: "vendor/one" }),
      () => other.deleteConversation(ALICE, turn.conversationId),
    ];
    for (const write of writes) {
      await write();
      await expect.poll(() => seen.at(-1)).toBe(await one.cursor(ALICE));
    }
    expect(seen).toEqual([...new Set(seen)].toSorted());
    expect(seen).toHaveLength(writes.length);

    await haveConversation(other, BOB, 1);
    await haveConversation(other, ALICE, 2);
    await expect.poll(() => seen.at(-1)).toBe(await one.cursor(ALICE));
    expect(seen).toEqual([...new Set(seen)].toSorted());
  });

  it("know each other's cursors", async () => {
    await haveConversation(one, ALICE, 3);
    const half = await one.changes(ALICE, { limit: 4 });
    expect(await allChanges(other, ALICE, 2, half.cursor)).toEqual(await allChanges(one, ALICE, 50, half.cursor));
    expect(await other.cursor(ALICE)).toBe(await one.cursor(ALICE));
  });

  it("tell what was written before the subscription stood, and nothing that was known already", async () => {
    await haveConversation(other, ALICE, 1);
    const seen = watch(one);
    const newest = await other.cursor(ALICE);
    await expect.poll(() => seen).toEqual([newest]);

    const laterSeen = watch(other);
    await one.patchSettings(ALICE, { model: "vendor/one" });
    await expect.poll(() => laterSeen).toHaveLength(1);
    expect(laterSeen).toEqual([await one.cursor(ALICE)]);
  });

  it.each([
    ["its sockets were cut", async ({ deployment }: HistoryAtConvex) => deployment.cutSockets()],
    [
      "Convex was down",
      async ({ deployment }: HistoryAtConvex) => {
        await deployment.goDown();
        await deployment.comeBack();
      },
    ],
  ])("go on telling after %s", async (_, disturb) => {
    const seen = watch(one);
    await other.openTurn(ALICE, turnOf());
    await expect.poll(() => seen).toHaveLength(1);
    await disturb(history);
    await other.openTurn(ALICE, turnOf());
    await expect.poll(() => seen.at(-1)).toBe(await other.cursor(ALICE));
    expect(seen).toEqual([...new Set(seen)].toSorted());
  });

  it("stop following when nobody watches, and follow again later", async () => {
    const seen: string[] = [];
    one.watch(ALICE, (cursor) => seen.push(cursor))();
    await other.openTurn(ALICE, turnOf());
    expect(seen).toEqual([]);
    const again = watch(one);
    await expect.poll(() => again).toHaveLength(1);
    await other.openTurn(ALICE, turnOf());
    await expect.poll(() => again).toHaveLength(2);
    expect(seen).toEqual([]);
  });
});

function watch(store: Store): string[] {
  const seen: string[] = [];
  store.watch(ALICE, (cursor) => seen.push(cursor));
  return seen;
}
