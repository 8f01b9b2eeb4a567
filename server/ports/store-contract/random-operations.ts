import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../store.ts";
import { HistoryModel } from "./history-model.ts";
import { Replica } from "./replica.ts";
import {
  ALICE,
  allChanges,
  allConversations,
  allMessages,
  answerOf,
  BOB,
  NOW,
  newId,
  type OpenStore,
  timeAt,
  turnOf,
} from "./samples.ts";

/** Whatever two users do, in any order: the store comes to what the model comes to, and so does who follows the changes. */
export function describeRandomOperations(open: OpenStore, numRuns: number): void {
  describe("random operations", () => {
    it("keep the store, the model and every device that follows the changes equal", async () => {
      const property = fc.asyncProperty(
        fc.array(operation, { maxLength: 40 }),
        fc.nat({ max: 9 }),
        async (all, limit) => {
          const store = await open({ now: () => new Date(timeAt(NOW)) });
          try {
            const world = newWorld(store);
            for (const each of all) await perform(world, each);
            await expectEqual(world, limit + 1);
          } finally {
            await store.close();
          }
        },
      );
      await fc.assert(property, { numRuns });
    }, 120_000);
  });
}

const user = fc.constantFrom(ALICE, BOB);
/** Which of the things made so far is meant, by its number modulo their count; foreign and deleted ones included. */
const pick = fc.nat({ max: 30 });

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("begin"), user, seconds: fc.nat({ max: 5 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("go-on"),
      user,
      turn: pick,
      parent: fc.option(pick),
      taken: fc.option(pick, { freq: 9 }),
      seconds: fc.nat({ max: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("open-again"), user, turn: pick }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("answer"),
      user,
      turn: pick,
      text: fc.string({ unit: "binary" }),
      status: fc.constantFrom("complete", "stopped", "interrupted"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("patch"),
      user,
      turn: pick,
      patch: fc.record(
        { title: fc.string({ minLength: 1, unit: "grapheme" }), pinned: fc.boolean(), archived: fc.boolean() },
        { requiredKeys: [] },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("read"),
      user,
      turn: pick,
      upTo: pick,
      role: fc.constantFrom("user", "assistant"),
      pinned: fc.option(fc.boolean()),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("settings"),
      user,
      model: fc.option(fc.string({ minLength: 1, unit: "grapheme" })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("delete"), user, turn: pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("pull"), device: pick, limit: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("new-device"), device: pick }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function newWorld(store: Store) {
  return {
    store,
    model: new HistoryModel(),
    turns: [turnOf()],
    devices: [new Replica(ALICE), new Replica(BOB)],
  };
}
type World = ReturnType<typeof newWorld>;

async function perform({ store, model, turns, devices }: World, step: Operation): Promise<void> {
  switch (step.type) {
    case "begin":
    case "go-on":
    case "open-again": {
      const turn = turnOfStep(turns, step);
      turns.push(turn);
      expect(await store.checkTurn(step.user, turn)).toBe(model.check(step.user, turn));
      model.open(step.user, turn);
      return store.openTurn(step.user, turn);
    }
    case "answer": {
      const answer = answerOf(at(turns, step.turn), step.text, { status: step.status });
      model.saveAnswer(step.user, answer, timeAt(NOW));
      return store.saveAnswer(step.user, answer);
    }
    case "patch": {
      const { conversationId } = at(turns, step.turn);
      const changed = await store.patchConversation(step.user, conversationId, step.patch);
      return expect(changed).toEqual(model.patch(step.user, conversationId, step.patch));
    }
    case "read": {
      const { conversationId } = at(turns, step.turn);
      const { userMessageId, assistantMessageId } = at(turns, step.upTo);
      const readUpTo = step.role === "user" ? userMessageId : assistantMessageId;
      const patch = { readUpTo, ...(step.pinned !== null && { pinned: step.pinned }) };
      const changed = await store.patchConversation(step.user, conversationId, patch);
      return expect(changed).toEqual(model.patch(step.user, conversationId, patch));
    }
    case "settings": {
      const patch = { model: step.model };
      const changed = await store.patchSettings(step.user, patch);
      return expect(changed).toEqual(model.patchSettings(step.user, patch));
    }
    case "delete": {
      const { conversationId } = at(turns, step.turn);
      const deleted = await store.deleteConversation(step.user, conversationId);
      return expect(deleted).toBe(model.remove(step.user, conversationId));
    }
    case "pull":
      await at(devices, step.device).pull(store, step.limit);
      return;
    case "new-device": {
      const copied = at(devices, step.device);
      devices.push(new Replica(copied.userId, copied));
    }
  }
}

function turnOfStep(turns: World["turns"], step: Extract<Operation, { user: string }>) {
  const createdAt = timeAt("seconds" in step ? step.seconds : 0);
  if (step.type === "open-again") return at(turns, step.turn);
  if (step.type !== "go-on") return turnOf({ createdAt });
  const { conversationId } = at(turns, step.turn);
  const parentId = step.parent === null ? null : at(turns, step.parent).assistantMessageId;
  const userMessageId = step.taken === null ? newId() : at(turns, step.taken).userMessageId;
  return turnOf({ conversationId, parentId, userMessageId, createdAt });
}

async function expectEqual({ store, model, turns, devices }: World, limit: number): Promise<void> {
  for (const userId of [ALICE, BOB]) {
    const conversations = model.conversationsOf(userId);
    const listed = await allConversations(store, userId, limit);
    expect(byId(listed)).toEqual(byId(conversations));
    const times = listed.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual([...times].sort().reverse());
    for (const { id } of conversations) {
      const expected = model.messagesOf(userId).filter(({ conversationId }) => conversationId === id);
      expect(await allMessages(store, userId, id, limit)).toEqual(expected);
    }
    for (const { assistantMessageId } of turns) {
      expect(await store.path(userId, assistantMessageId)).toEqual(model.pathOf(userId, assistantMessageId));
    }
    const { changes } = await allChanges(store, userId, limit);
    const deleted = changes.flatMap((change) => (change.kind === "deleted" ? [change.id] : []));
    expect(deleted.sort()).toEqual(model.deletedOf(userId).sort());
    expect(changes).toHaveLength(conversations.length + model.messagesOf(userId).length + deleted.length);
    expect(await store.settings(userId)).toEqual(model.settingsOf(userId));
  }
  for (const device of [...devices, new Replica(ALICE), new Replica(BOB)]) {
    await device.drain(store, limit);
    expect(byId(device.conversations.values())).toEqual(byId(model.conversationsOf(device.userId)));
    expect(byId(device.messages.values())).toEqual(byId(model.messagesOf(device.userId)));
    expect(device.settings).toEqual(model.settingsOf(device.userId));
  }
}

function at<Thing>(things: readonly Thing[], number: number): Thing {
  const thing = things[number % things.length];
  if (thing === undefined) throw new Error("there is nothing to pick from");
  return thing;
}

function byId<Row extends { id: string }>(rows: Iterable<Row>): Row[] {
  return [...rows].sort((one, other) => (one.id < other.id ? -1 : 1));
}
