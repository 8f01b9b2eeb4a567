import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { deleteDB, openDB } from "idb";
import { v7 } from "uuid";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../protocol/messages.ts";
import type { Change } from "../protocol/responses.ts";
import { openCache } from "./cache.ts";

const TIME = "2026-01-01T00:00:00.000Z";

beforeEach(() => void vi.stubGlobal("indexedDB", new IDBFactory()));

describe("the cache", () => {
  it("is another one for another user and for another server", async () => {
    const mine = open({});
    await mine.applyChanges({ changes: [conversation(v7())], cursor: "1" });
    await mine.saveDraft("new", "mine");
    expect((await mine.load()).conversations).toHaveLength(1);
    for (const other of [open({ userId: "you" }), open({ serverUrl: "http://other" })]) {
      const empty = {
        conversations: [],
        pending: [],
        cursor: undefined,
        running: [],
        edits: [],
        losses: [],
        settings: {},
      };
      expect(await other.load()).toEqual(empty);
      expect(await other.draft("new")).toBe("");
    }
  });

  it("keeps the newest messages and knows where older ones are missing", async () => {
    const cache = open({ maxMessages: 20 });
    const [old, recent] = [v7(), v7()];
    const messages = Array.from({ length: 25 }, (_, index) => message(index < 5 ? old : recent, index));
    const changes = [conversation(old), conversation(recent), ...messages.map(changeOf)];
    await cache.applyChanges({ changes, cursor: "1" });
    expect(await cache.messagesOf(old)).toEqual({ messages: [], trimmed: true });
    const kept = await cache.messagesOf(recent);
    expect(kept).toEqual({ messages: messages.slice(7), trimmed: true });
  });

  it("tells which answers ended, and whether they were known to run", async () => {
    const cache = open({});
    const id = v7();
    const known = { ...message(id, 1), role: "assistant" as const, status: "streaming" as const };
    await cache.applyChanges({ changes: [conversation(id), changeOf(known)], cursor: "1" });
    const done = { ...known, status: "complete" as const };
    const unknown = { ...message(id, 2), role: "assistant" as const };
    const page = { changes: [changeOf(done), changeOf(unknown)], cursor: "2" };
    const applied = await cache.applyChanges(page);
    expect(applied.ended.map(({ ran }) => ran)).toEqual([true, false]);
    expect((await cache.applyChanges(page)).ended).toEqual([]);
    expect(await cache.isSaved(done.turnId)).toBe(true);
  });

  it("keeps what an ended answer holds until its saved row comes, which alone tells of the end", async () => {
    const cache = open({});
    const id = v7();
    const known = { ...message(id, 1), role: "assistant" as const, status: "streaming" as const, parts: [] };
    await cache.applyChanges({ changes: [conversation(id), changeOf(known)], cursor: "1" });
    const parts = [{ type: "text" as const, text: "all of it" }];
    await cache.keepParts(known.id, parts);
    expect((await cache.messagesOf(id)).messages).toEqual([{ ...known, parts }]);
    expect(await cache.isSaved(known.turnId)).toBe(false);
    const done = { ...known, parts, status: "complete" as const };
    const { ended } = await cache.applyChanges({ changes: [changeOf(done)], cursor: "2" });
    expect(ended.map(({ ran }) => ran)).toEqual([true]);
    await cache.keepParts(known.id, []);
    expect((await cache.messagesOf(id)).messages).toEqual([done]);
  });

  it("does not put an older row over a newer one", async () => {
    const cache = open({});
    const row = message(v7(), 1);
    await cache.applyChanges({ changes: [changeOf(row)], cursor: "1" });
    const other = message(row.conversationId, 2);
    expect(await cache.addMissing([{ ...row, parts: [] }, other])).toEqual([other]);
    expect((await cache.messagesOf(row.conversationId)).messages).toEqual([row, other]);
  });

  it("forgets a deleted conversation with its messages and its draft", async () => {
    const cache = open({});
    const id = v7();
    await cache.applyChanges({ changes: [conversation(id), changeOf(message(id, 1))], cursor: "1" });
    await cache.saveDraft(id, "half a thought");
    const applied = await cache.applyChanges({ changes: [{ kind: "deleted", of: "conversation", id }], cursor: "2" });
    expect(applied.deleted).toEqual([id]);
    expect(await cache.messagesOf(id)).toEqual({ messages: [], trimmed: false });
    expect(await cache.draft(id)).toBe("");
    expect((await cache.load()).cursor).toBe("2");
  });

  it("leaves out rows that it cannot read", async () => {
    const cache = open({});
    const good = message(v7(), 1);
    await cache.addMissing([good]);
    await write("messages", { id: "x", conversationId: good.conversationId, nonsense: true });
    await write("conversations", { id: "x", title: 7 });
    expect((await cache.messagesOf(good.conversationId)).messages).toEqual([good]);
    expect((await cache.load()).conversations).toEqual([]);
  });

  it("replaces a database that cannot be opened by an empty one, once for all that fail together", async () => {
    // A newer version than ours, as after going back to an older release: opening it fails with VersionError.
    await openDB(NAME, 9).then((db) => db.close());
    let emptied = 0;
    const count = () => {
      emptied += 1;
    };
    const cache = open({ onEmptied: () => count() });
    await Promise.all([cache.saveDraft("new", "kept"), cache.load(), cache.lastOpened()]);
    expect(await cache.draft("new")).toBe("kept");
    expect(emptied).toBe(1);
  });

  it("opens anew when the browser has closed the connection", async () => {
    let emptied = 0;
    const count = () => {
      emptied += 1;
    };
    const cache = open({ onEmptied: () => count() });
    await cache.saveDraft("new", "kept");
    // Asking for a newer version makes the open connection close itself.
    await deleteDB(NAME);
    await cache.saveDraft("new", "again");
    expect(await cache.draft("new")).toBe("again");
    expect(emptied).toBe(0);
  });

  it("replaces a database without our stores by one that has them", async () => {
    await openDB(NAME, 1).then((db) => db.close());
    const cache = open({});
    await Promise.all([cache.saveDraft("new", "kept"), cache.load()]);
    expect(await cache.draft("new")).toBe("kept");
  });

  it("keeps nothing of a page of changes that it cannot write whole", async () => {
    const cache = open({});
    const [good, other] = [conversation(v7()), conversation(v7())];
    const row = message(v7(), 1);
    // What cannot be cloned cannot be written.
    const odd = {
      ...message(v7(), 2),
      parts: [{ type: "tool" as const, callId: "c", server: "s", tool: "t", args: () => 1, state: "done" as const }],
    };
    const page = { changes: [good, other, changeOf(row), changeOf(odd)], cursor: "1" };
    await expect(cache.applyChanges(page)).rejects.toThrow();
    expect(await cache.load()).toMatchObject({ conversations: [], cursor: undefined });
    expect(await cache.messagesOf(row.conversationId)).toEqual({ messages: [], trimmed: false });
  });
});

const NAME = "sidestream http://server me";

function open(options: Partial<Parameters<typeof openCache>[0]>) {
  const base = { serverUrl: "http://server", userId: "me", onEmptied: () => undefined };
  return openCache({ ...base, ...options });
}

function conversation(id: string): Change {
  const flags = { pinned: false, archived: false, unread: false, createdAt: TIME, updatedAt: TIME };
  return { kind: "conversation", conversation: { id, title: "A title", ...flags } };
}

function message(conversationId: string, second: number): Message {
  const createdAt = new Date(Date.parse(TIME) + second * 1_000).toISOString();
  const parts: Message["parts"] = [{ type: "text", text: `${second}` }];
  return {
    id: v7(),
    conversationId,
    parentId: null,
    turnId: v7(),
    role: "user",
    parts,
    status: "complete",
    createdAt,
  };
}

function changeOf(row: Message): Change {
  return { kind: "message", message: row };
}

async function write(store: string, row: unknown): Promise<void> {
  const db = await openDB(NAME);
  await db.put(store, row);
  db.close();
}
