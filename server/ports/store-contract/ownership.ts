import { describe, expect, it } from "vitest";
import type { OpenTurn, Store } from "../store.ts";
import {
  ALICE,
  allChanges,
  allMessages,
  answerOf,
  BOB,
  haveConversation,
  type OpenStore,
  turnAfter,
  turnOf,
  withStore,
} from "./samples.ts";

/** What is another user's answers exactly as what does not exist, and is never changed. */
export function describeOwnership(open: OpenStore): void {
  describe("ownership", () => {
    it.each(Object.keys(ATTEMPTS))("%s answers another user as if the ids were of nothing", (method) =>
      withStore(open, async (store) => {
        const alices = await haveAlice(store);
        const own = await haveBob(store);
        const before = await everythingOf(store, ALICE);
        const told: string[] = [];
        store.watch(ALICE, (cursor) => told.push(cursor));

        for (const attempt of attemptsAt(method)) {
          for (const turn of alices) {
            const foreign = await attempt(store, turn, own);
            expect(foreign).toEqual(await attempt(store, turnOf(), own));
            for (const trace of alices.flatMap(tracesOf)) expect(seenIn(foreign)).not.toContain(trace);
          }
        }
        expect(await everythingOf(store, ALICE)).toEqual(before);
        expect(told).toEqual([]);
      })(),
    );

    it(
      "gives each user an own history, own settings and own tools from the same writes",
      withStore(open, async (store) => {
        for (const userId of [ALICE, BOB]) {
          const [turn] = await haveConversation(store, userId, 1);
          await store.patchSettings(userId, { model: `model of ${userId}` });
          await store.allowTool(userId, `tool__of_${userId}`);
          expect(await store.settings(userId)).toEqual({ model: `model of ${userId}` });
          expect(await store.allowedTools(userId)).toEqual(new Set([`tool__of_${userId}`]));
          const { changes, settings } = await allChanges(store, userId, 7);
          expect(changes).toHaveLength(3);
          expect(settings).toEqual({ model: `model of ${userId}` });
          const hits = await store.search(userId, { q: "page", limit: 50 });
          expect(hits.map((hit) => hit.conversationId)).toEqual([turn?.conversationId]);
        }
      }),
    );

    it(
      "lets nobody take an id that another user has",
      withStore(open, async (store) => {
        const [turn] = await haveAlice(store);
        if (turn === undefined) throw new Error("a turn");
        const before = await Promise.all([everythingOf(store, ALICE), everythingOf(store, BOB)]);
        const { conversationId, turnId, userMessageId, assistantMessageId } = turn;
        const taken: [OpenTurn, string][] = [
          [turn, "not-found"],
          [turnAfter(turn), "not-found"],
          [turnOf({ conversationId }), "not-found"],
          [turnOf({ turnId }), "not-found"],
          [turnOf({ userMessageId }), "message-taken"],
          [turnOf({ parentId: userMessageId }), "not-found"],
          // The server makes this id itself, so it is not asked about before: only nothing may come of it.
          [turnOf({ assistantMessageId }), "ok"],
        ];
        for (const [each, standing] of taken) {
          expect(await store.checkTurn(BOB, each)).toBe(standing);
          await store.openTurn(BOB, each);
        }
        expect(await Promise.all([everythingOf(store, ALICE), everythingOf(store, BOB)])).toEqual(before);
      }),
    );
  });
}

/** What Bob tries: with the ids of somebody's turn, and with a turn of his own. */
type Attempt = (store: Store, other: OpenTurn, own: OpenTurn) => unknown;

/** Every method of the port. One that is missing here does not pass the type checker. */
const ATTEMPTS: Record<keyof Store, Attempt[]> = {
  checkTurn: [
    (store, other) => store.checkTurn(BOB, turnAfter(other)),
    (store, other, own) => store.checkTurn(BOB, turnAfter(own, { parentId: other.assistantMessageId })),
    (store, other, own) => store.checkTurn(BOB, turnAfter(own, { parentId: other.userMessageId })),
    (store, other) => store.checkTurn(BOB, turnOf({ parentId: other.userMessageId })),
  ],
  openTurn: [
    (store, other, own) => store.openTurn(BOB, turnAfter(own, { parentId: other.assistantMessageId })),
    (store, other) => store.openTurn(BOB, turnOf({ parentId: other.userMessageId })),
    (store, other) => store.openTurn(BOB, { ...turnAfter(other), title: "Bob's" }),
  ],
  saveAnswer: [
    (store, other) => store.saveAnswer(BOB, answerOf(other, "Bob's")),
    (store, other, own) => store.saveAnswer(BOB, answerOf(own, "Bob's", { id: other.assistantMessageId })),
    (store, other, own) => store.saveAnswer(BOB, answerOf(own, "Bob's", { conversationId: other.conversationId })),
    (store, other, own) => store.saveAnswer(BOB, answerOf(own, "Bob's", { turnId: other.turnId })),
  ],
  path: [
    (store, other) => store.path(BOB, other.assistantMessageId),
    (store, other) => store.path(BOB, other.userMessageId),
    (store, other) => store.path(BOB, other.conversationId),
  ],
  listConversations: [(store) => store.listConversations(BOB, { limit: 50 })],
  patchConversation: [
    (store, other) => store.patchConversation(BOB, other.conversationId, { title: "Bob's", pinned: true }),
    (store, other) => store.patchConversation(BOB, other.conversationId, { readUpTo: other.assistantMessageId }),
    (store, other, own) => store.patchConversation(BOB, own.conversationId, { readUpTo: other.assistantMessageId }),
  ],
  deleteConversation: [
    (store, other) => store.deleteConversation(BOB, other.conversationId),
    (store, other) => store.deleteConversation(BOB, other.userMessageId),
  ],
  listMessages: [(store, other) => store.listMessages(BOB, other.conversationId, { limit: 50 })],
  hasConversation: [(store, other) => store.hasConversation(BOB, other.conversationId)],
  changes: [(store) => allChanges(store, BOB, 2)],
  cursor: [(store) => store.cursor(BOB)],
  watch: [
    async (store, other) => {
      const told: string[] = [];
      const end = store.watch(BOB, (cursor) => told.push(cursor));
      await store.patchConversation(BOB, other.conversationId, { pinned: true });
      end();
      return told;
    },
  ],
  search: [
    (store) => store.search(BOB, { q: "treasure", limit: 50 }),
    (store) => store.search(BOB, { q: "tr", limit: 50 }),
    (store, other) => store.search(BOB, { q: other.conversationId, limit: 50 }),
  ],
  allowedTools: [(store) => store.allowedTools(BOB)],
  allowTool: [(store) => store.allowTool(BOB, "alice__dig")],
  settings: [(store) => store.settings(BOB)],
  patchSettings: [(store) => store.patchSettings(BOB, { model: null })],
  // These two name nobody.
  check: [(store) => store.check()],
  close: [],
};

function attemptsAt(method: string): Attempt[] {
  return new Map<string, Attempt[]>(Object.entries(ATTEMPTS)).get(method) ?? [];
}

/** What Alice has: a turn that ended, one that runs and one that she deleted; settings and an allowed tool. */
async function haveAlice(store: Store): Promise<OpenTurn[]> {
  const title = "Alice and the treasure";
  const question: OpenTurn["question"] = [{ type: "text", text: "Where is the treasure?" }];
  const [ended, running, deleted] = [0, 1, 2].map(() => turnOf({ title, question }));
  if (!ended || !running || !deleted) throw new Error("three turns");
  for (const turn of [ended, running, deleted]) await store.openTurn(ALICE, turn);
  await store.saveAnswer(ALICE, answerOf(ended, "The treasure is under the palm."));
  await store.deleteConversation(ALICE, deleted.conversationId);
  await store.patchSettings(ALICE, { model: "alice/treasured" });
  await store.allowTool(ALICE, "alice__dig");
  return [ended, running, deleted];
}

async function haveBob(store: Store): Promise<OpenTurn> {
  const turn = turnOf({ title: "Bob's own" });
  await store.openTurn(BOB, turn);
  return turn;
}

async function everythingOf(store: Store, userId: string) {
  const changes = await allChanges(store, userId, 50);
  const { conversations } = await store.listConversations(userId, { limit: 50 });
  const messages = conversations.map(({ id }) => allMessages(store, userId, id, 50));
  return {
    ...{ changes, conversations, messages: await Promise.all(messages) },
    settings: await store.settings(userId),
    tools: await store.allowedTools(userId),
    cursor: await store.cursor(userId),
  };
}

/** What only Alice's rows have in them. */
function tracesOf(turn: OpenTurn): string[] {
  const { conversationId, turnId, userMessageId, assistantMessageId } = turn;
  return [conversationId, turnId, userMessageId, assistantMessageId, "treasure", "alice"];
}

function seenIn(answer: unknown): string {
  return JSON.stringify(answer instanceof Set ? [...answer] : answer) ?? "";
}
