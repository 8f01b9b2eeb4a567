import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { v7 } from "uuid";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PendingQuestion } from "../messaging/keeper-state.ts";
import type { Change } from "../protocol/responses.ts";
import { openCache } from "./cache.ts";

const TIME = "2026-01-01T00:00:00.000Z";

beforeEach(() => void vi.stubGlobal("indexedDB", new IDBFactory()));

describe("edits in the cache", () => {
  it("are there again for the next worker, until the server has taken them", async () => {
    const cache = open();
    const id = v7();
    await cache.applyChanges({ changes: [conversation(id)], cursor: "1" });
    const edit = { kind: "patch" as const, key: id, patch: { title: "Mine" } };
    await cache.keepEdit(edit);
    expect((await open().load()).edits).toEqual([edit]);
    await cache.settleEdit({ key: id, row: { ...rowOf(id), title: "Mine" } });
    expect(await open().load()).toMatchObject({ edits: [], conversations: [{ title: "Mine" }] });
  });

  it("keep the rest of what was changed again meanwhile", async () => {
    const cache = open();
    const rest = { kind: "settings" as const, key: "settings" as const, patch: { model: "b" } };
    await cache.keepEdit({ ...rest, patch: { model: "a" } });
    await cache.settleEdit({ key: "settings", rest, settings: { model: "a" } });
    expect(await cache.load()).toMatchObject({ edits: [rest], settings: { model: "a" } });
  });

  it("that delete take the unsent questions with them, and leave nothing in the end", async () => {
    const cache = open();
    const id = v7();
    const other = question(v7());
    await cache.applyChanges({ changes: [conversation(id)], cursor: "1" });
    await cache.keepPending(question(id));
    await cache.keepPending(other);
    await cache.keepEdit({ kind: "delete", key: id });
    expect(await cache.load()).toMatchObject({ pending: [other], edits: [{ kind: "delete", key: id }] });
    await cache.settleDeletion(id);
    expect(await cache.load()).toMatchObject({ conversations: [], edits: [] });
  });
});

describe("a tombstone", () => {
  it("makes losses of what waited, in one step with the page", async () => {
    const cache = open();
    const id = v7();
    const asked = question(id, "What was it?");
    await cache.applyChanges({ changes: [conversation(id)], cursor: "1" });
    await cache.keepEdit({ kind: "patch", key: id, patch: { title: "Renamed", pinned: true } });
    await cache.keepPending(asked);
    const { losses } = await cache.applyChanges({ changes: [tombstone(id)], cursor: "2" });
    expect(losses).toEqual([
      { id, title: "Renamed", what: "edit" },
      { id: asked.turn.turnId, title: "Renamed", what: "question", text: "What was it?" },
    ]);
    expect(await open().load()).toMatchObject({ losses: expect.arrayContaining(losses), edits: [], pending: [] });
    for (const loss of losses) await cache.dismissLoss(loss.id);
    expect((await cache.load()).losses).toEqual([]);
  });

  it("gives back what was being written", async () => {
    const cache = open();
    const id = v7();
    await cache.applyChanges({ changes: [conversation(id)], cursor: "1" });
    await cache.saveDraft(id, "half a thought");
    const { losses } = await cache.applyChanges({ changes: [tombstone(id)], cursor: "2" });
    expect(losses).toEqual([{ id, title: "A title", what: "question", text: "half a thought" }]);
    expect(await cache.draft(id)).toBe("");
  });

  it.each([
    ["a read mark", { kind: "patch" as const, patch: { readUpTo: v7() } }],
    ["a deletion", { kind: "delete" as const }],
  ])("makes no loss of %s", async (_, edit) => {
    const cache = open();
    const id = v7();
    await cache.applyChanges({ changes: [conversation(id)], cursor: "1" });
    await cache.keepEdit({ ...edit, key: id });
    expect((await cache.applyChanges({ changes: [tombstone(id)], cursor: "2" })).losses).toEqual([]);
    expect((await cache.load()).edits).toEqual([]);
  });
});

it("keeps the settings that a page brings", async () => {
  const cache = open();
  await cache.applyChanges({ changes: [], settings: { model: "m" }, cursor: "1" });
  await cache.applyChanges({ changes: [], cursor: "2" });
  expect((await cache.load()).settings).toEqual({ model: "m" });
});

it("keeps what version 1 had, and pulls again what version 1 did not understand", async () => {
  const id = v7();
  const waiting = question(id);
  const db = await openDB(NAME, 1, { upgrade: createVersionOne });
  await db.put("conversations", rowOf(id));
  await db.put("outbox", waiting);
  await db.put("drafts", { key: id, value: "half a thought" });
  await db.put("meta", { key: "cursor", value: "7" });
  await db.put("meta", { key: "last-opened", value: id });
  db.close();
  let emptied = 0;
  const cache = open(() => {
    emptied += 1;
  });
  expect(await cache.load()).toEqual({
    conversations: [rowOf(id)],
    pending: [waiting],
    cursor: undefined,
    running: [],
    edits: [],
    losses: [],
    settings: {},
  });
  expect(await cache.draft(id)).toBe("half a thought");
  expect(await cache.lastOpened()).toBe(id);
  expect(emptied).toBe(0);
});

const NAME = "sidestream http://server me";

function open(onEmptied = () => undefined) {
  return openCache({ serverUrl: "http://server", userId: "me", onEmptied });
}

function rowOf(id: string) {
  const flags = { pinned: false, archived: false, unread: false, createdAt: TIME, updatedAt: TIME };
  return { id, title: "A title", ...flags };
}

function conversation(id: string): Change {
  return { kind: "conversation", conversation: rowOf(id) };
}

function tombstone(id: string): Change {
  return { kind: "deleted", of: "conversation", id };
}

function question(conversationId: string, text = "?"): PendingQuestion {
  const message = { id: v7(), parts: [{ type: "text" as const, text }] };
  return { turn: { turnId: v7(), conversationId, parentId: null, message }, status: "waiting", askedAt: TIME };
}

/** The stores as the first release made them. */
function createVersionOne(db: { createObjectStore(name: string, options: { keyPath: string }): IndexedStore }): void {
  db.createObjectStore("conversations", { keyPath: "id" });
  const messages = db.createObjectStore("messages", { keyPath: "id" });
  for (const field of ["conversationId", "turnId", "status", "createdAt"]) messages.createIndex(field, field);
  db.createObjectStore("outbox", { keyPath: "turn.turnId" });
  db.createObjectStore("drafts", { keyPath: "key" });
  db.createObjectStore("meta", { keyPath: "key" });
}

type IndexedStore = { createIndex(name: string, keyPath: string): unknown };
