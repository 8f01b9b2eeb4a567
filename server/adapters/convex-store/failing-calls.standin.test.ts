import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startConvexDeployment } from "../../../tests/fixtures/convex-deployment/index.ts";
import { type HistoryAtConvex, historyAtConvex } from "../../../tests/fixtures/convex-history.ts";
import { schema } from "../../../tests/fixtures/sidestream-functions.ts";
import type { Store } from "../../ports/store.ts";
import { ALICE, allChanges, allMessages, answerOf, questionOf, turnOf } from "../../ports/store-contract/samples.ts";
import { createConvexStore } from "./index.ts";
import { probeConvex } from "./probe.ts";

const HASTY = { timeouts: { attemptMs: 1_000, totalMs: 50 } };
const UNAVAILABLE = { name: "ApiError", code: "unavailable", retryAfter: 1 };

let history: HistoryAtConvex;
const stores: Store[] = [];

beforeEach(async () => {
  history = await historyAtConvex();
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await history.deployment.stop();
});

function open(options: Parameters<HistoryAtConvex["openStore"]>[0] = {}): Store {
  const store = history.openStore(options);
  stores.push(store);
  return store;
}

describe("the Convex store in a bad hour", () => {
  it("saves each of 30 answers once while a third of the calls fail, are lost before or after their write", async () => {
    const store = open({ timeouts: { attemptMs: 30_000, totalMs: 60_000 } });
    const watcher = open();
    history.deployment.faults.set({ failRate: 0.15, dropBeforeRate: 0.08, dropAfterRate: 0.15, delayMs: 5 });
    const seen: string[] = [];
    store.watch(ALICE, (cursor) => seen.push(cursor));
    const turns = Array.from({ length: 30 }, () => turnOf());
    await Promise.all(
      turns.map(async (turn, index) => {
        await store.openTurn(ALICE, turn);
        await store.saveAnswer(ALICE, answerOf(turn, `Answer ${index}. ${"Long. ".repeat(index * 2_000)}`));
      }),
    );
    history.deployment.faults.clear();

    expect(seen.at(-1)).toBe(await store.cursor(ALICE));
    expect(seen).toEqual([...new Set(seen)].toSorted());
    expect((await allChanges(watcher, ALICE, 50)).changes).toHaveLength(90);
    for (const [index, turn] of turns.entries()) {
      const saved = await allMessages(watcher, ALICE, turn.conversationId, 10);
      expect(saved).toEqual([questionOf(turn), answerOf(turn, `Answer ${index}. ${"Long. ".repeat(index * 2_000)}`)]);
    }
  });

  it("is unavailable while Convex is down, whatever is asked, and works again after that", async () => {
    const store = open(HASTY);
    const turn = turnOf();
    await store.openTurn(ALICE, turn);
    await history.deployment.goDown();
    const calls = [
      () => store.saveAnswer(ALICE, answerOf(turn)),
      () => store.changes(ALICE, { limit: 5 }),
      () => store.search(ALICE, { q: "page", limit: 5 }),
      () => store.check(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject(UNAVAILABLE);
    expect(await probeConvex(address(), 1_000)).toMatchObject({ is: "unreachable" });
    await history.deployment.comeBack();
    await store.check();
    await store.saveAnswer(ALICE, answerOf(turn));
    expect(await store.path(ALICE, turn.assistantMessageId)).toEqual([questionOf(turn), answerOf(turn)]);
  });

  it("gives up a call that gets no answer, and repeats it", async () => {
    const { faults, counts } = history.deployment;
    const store = open({ timeouts: { attemptMs: 60, totalMs: 100 } });
    faults.set({ delayMs: 60_000 });
    await expect(store.cursor(ALICE)).rejects.toMatchObject(UNAVAILABLE);
    expect(counts.of("changes:newest").received).toBeGreaterThan(1);
    faults.clear();
  });

  it("waits for a place when Convex has too many conflicts", async () => {
    const store = open();
    history.deployment.faults.next("conflict", { times: 3 });
    const turn = turnOf();
    await store.openTurn(ALICE, turn);
    expect(await store.hasConversation(ALICE, turn.conversationId)).toBe(true);
  });

  it("tells of a save whose answer was lost for good as soon as the save is repeated", async () => {
    const store = open(HASTY);
    const turn = turnOf();
    await store.openTurn(ALICE, turn);
    const seen: string[] = [];
    history.deployment.faults.next("drop-after", { function: "answers:save" });
    history.deployment.faults.next("fail", { function: "answers:save", times: 100 });
    store.watch(ALICE, (cursor) => seen.push(cursor));
    await expect(store.saveAnswer(ALICE, answerOf(turn))).rejects.toMatchObject(UNAVAILABLE);
    history.deployment.faults.clear();
    await store.saveAnswer(ALICE, answerOf(turn));
    expect(seen.at(-1)).toBe(await store.cursor(ALICE));
  });
});

describe("a Convex store that is set up wrongly", () => {
  it("says that the key is refused, once, and never shows it", async () => {
    const deployKey = "prod:other-animal-7|a-secret-that-nobody-may-see";
    const errors: unknown[] = [];
    const store = open({ deployKey, onWatcherError: (error) => errors.push(error) });
    const failure = await store.check().catch((error: unknown) => error);
    expect(failure).toMatchObject({ ...UNAVAILABLE, cause: { isTransient: false } });
    expect(history.deployment.counts.of("readiness:check").received).toBeLessThanOrEqual(1);
    expect(inspect(failure, { depth: 9 })).not.toContain("nobody-may-see");
    const probe = await probeConvex({ ...address(), deployKey });
    expect(probe).toEqual({ is: "misconfigured", fault: expect.stringContaining("CONVEX_DEPLOY_KEY") });
    expect(inspect([probe, errors], { depth: 9 })).not.toContain("nobody-may-see");
  });

  it("says that the functions are missing, and what to do", async () => {
    await using empty = await startConvexDeployment({
      schema,
      modules: { "convex/_generated/api.js": async () => ({}) },
    });
    const probe = await probeConvex({ url: empty.url, deployKey: empty.adminKey });
    expect(probe).toEqual({ is: "misconfigured", fault: expect.stringContaining("npx convex deploy") });
    const store = createConvexStore({ url: empty.url, deployKey: empty.adminKey });
    await expect(store.cursor(ALICE)).rejects.toMatchObject(UNAVAILABLE);
    expect(empty.counts.of("changes:newest").received).toBe(1);
    await store.close();
  });

  it("is ready when all is well", async () => {
    expect(await probeConvex(address())).toEqual({ is: "ready" });
  });
});

function address() {
  return { url: history.deployment.url, deployKey: history.deployment.adminKey };
}
