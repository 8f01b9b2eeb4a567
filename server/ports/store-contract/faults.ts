import { describe, expect, it } from "vitest";
import type { OpenTurn, Store } from "../store.ts";
import {
  ALICE,
  allChanges,
  allMessages,
  answerOf,
  haveConversation,
  NOW,
  questionOf,
  type StoreOptions,
  timeAt,
  turnAfter,
  turnOf,
} from "./samples.ts";
import { type ReadMethod, WRITE_CASES } from "./write-cases.ts";

/** A store behind a network that can be made to fail. */
export type RemoteStore = {
  store: Store;
  /** The next call over the network is done at its far end, and its answer never comes. */
  loseNextAnswer(): void;
  /** The next call over the network fails before anything is done. */
  failNextCall(): void;
};
export type OpenRemoteStore = (options: StoreOptions) => Promise<RemoteStore>;

/** One call that fails is made again by the adapter: the caller sees nothing of it, and nothing is done twice. */
export function describeFaults(open: OpenRemoteStore): void {
  describe.each(["loseNextAnswer", "failNextCall"] as const)("a single fault (%s)", (fault) => {
    it.each(WRITE_CASES)("$name is done once and answers as ever", ({ prepare, rows, ...write }) =>
      withRemote(open, async ({ store, ...faults }) => {
        const call = await prepare(store);
        const before = await allChanges(store, ALICE, 50);
        const told = new Set<string>();
        const end = store.watch(ALICE, (cursor) => told.add(cursor));
        faults[fault]();
        const answer = await call();
        end();
        const after = await allChanges(store, ALICE, 50, before.cursor);
        expect(after.changes.length + (after.settings === undefined ? 0 : 1)).toBe(rows);
        expect([...told]).toEqual(rows === 0 ? [] : [after.cursor]);
        if ("answers" in write) expect(answer).toEqual(write.answers);
        expect(await call()).toEqual(write.answersAgain ?? answer);
        expect(await allChanges(store, ALICE, 50, before.cursor)).toEqual(after);
      }),
    );

    it.each(Object.entries(READS))("%s answers as ever", (_, read) =>
      withRemote(open, async ({ store, ...faults }) => {
        const turns = await haveConversation(store, ALICE, 3);
        const ids = turns[1] ?? turnOf();
        await store.patchSettings(ALICE, { model: "vendor/one" });
        await store.allowTool(ALICE, "files__write");
        const expected = await read(store, ids);
        faults[fault]();
        expect(await read(store, ids)).toEqual(expected);
      }),
    );

    it("in each write of a conversation leaves the conversation as it should be", () =>
      withRemote(open, async ({ store, ...faults }) => {
        const first = turnOf();
        const second = turnAfter(first);
        const long = answerOf(second, "Two sentences, 二つの文 🦊. ".repeat(60_000));
        const { conversationId } = first;
        const writes = [
          () => store.openTurn(ALICE, first),
          () => store.saveAnswer(ALICE, answerOf(first, "Two", { status: "streaming" })),
          () => store.saveAnswer(ALICE, answerOf(first)),
          () => store.openTurn(ALICE, second),
          () => store.saveAnswer(ALICE, long),
          () => store.patchConversation(ALICE, conversationId, { title: "Once", readUpTo: long.id }),
        ];
        for (const write of writes) {
          faults[fault]();
          await write();
        }
        expect(await allMessages(store, ALICE, conversationId, 50)).toEqual([
          ...[questionOf(first), answerOf(first)],
          ...[questionOf(second), long],
        ]);
        const { conversations } = await store.listConversations(ALICE, { limit: 50 });
        expect(conversations).toMatchObject([{ title: "Once", unread: false, updatedAt: timeAt(NOW) }]);
        expect((await allChanges(store, ALICE, 50)).changes).toHaveLength(5);
      }));
  });
}

/** Each method that reads over the network. */
const READS: Record<
  Exclude<ReadMethod, "watch" | "check" | "close">,
  (store: Store, ids: OpenTurn) => Promise<unknown>
> = {
  checkTurn: (store, ids) => store.checkTurn(ALICE, ids),
  path: (store, ids) => store.path(ALICE, ids.assistantMessageId),
  listConversations: (store) => store.listConversations(ALICE, { limit: 5 }),
  listMessages: (store, ids) => store.listMessages(ALICE, ids.conversationId, { limit: 5 }),
  hasConversation: (store, ids) => store.hasConversation(ALICE, ids.conversationId),
  changes: (store) => store.changes(ALICE, { limit: 5 }),
  cursor: (store) => store.cursor(ALICE),
  search: (store) => store.search(ALICE, { q: "answer", limit: 5 }),
  allowedTools: (store) => store.allowedTools(ALICE),
  settings: (store) => store.settings(ALICE),
};

async function withRemote(open: OpenRemoteStore, test: (remote: RemoteStore) => Promise<void>): Promise<void> {
  const remote = await open({ now: () => new Date(timeAt(NOW)) });
  try {
    await test(remote);
  } finally {
    await remote.store.close();
  }
}
