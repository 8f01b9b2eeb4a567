import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it } from "vitest";
import { ALICE, allChanges, answerOf, turnAfter, turnOf } from "../../ports/store-contract/samples.ts";
import { createSqliteStore } from "./index.ts";
import { FIRST_SCHEMA } from "./schema.ts";

const directory = mkdtempSync(join(tmpdir(), "sqlite-store-"));
afterAll(() => rmSync(directory, { recursive: true }));

it("takes over a history of version 1: all of it is read, cursors stay good, and what ends now is unread", async () => {
  const path = join(directory, "history.db");
  const done = turnOf({ title: "Of old" });
  const streaming = turnAfter(done);
  const old = writeVersion1(path, done, streaming);

  const store = createSqliteStore({ path });
  const before = await allChanges(store, ALICE, 1);
  expect(before.changes).toHaveLength(5);
  expect(before.changes[0]).toMatchObject({ kind: "conversation", conversation: { title: "Of old", unread: false } });
  expect(before).not.toHaveProperty("settings");
  expect((await store.changes(ALICE, { after: old.cursor(3), limit: 1 })).changes).toHaveLength(1);
  expect(await store.settings(ALICE)).toEqual({});

  await store.saveAnswer(ALICE, answerOf(streaming));
  const { changes } = await allChanges(store, ALICE, 50, before.cursor);
  expect(changes).toMatchObject([{ conversation: { unread: true } }, { message: answerOf(streaming) }]);
  const patch = { readUpTo: streaming.assistantMessageId };
  expect(await store.patchConversation(ALICE, done.conversationId, patch)).toMatchObject({ unread: false });
  await store.patchSettings(ALICE, { model: "vendor/one" });
  await store.close();

  const again = createSqliteStore({ path });
  expect(await again.settings(ALICE)).toEqual({ model: "vendor/one" });
  expect(await again.listConversations(ALICE, { limit: 5 })).toMatchObject({ conversations: [{ unread: false }] });
  await again.close();
});

type Turn = ReturnType<typeof turnOf>;

/** A file as the first release wrote it: every row has a revision of its own. */
function writeVersion1(path: string, done: Turn, streaming: Turn) {
  const db = new DatabaseSync(path);
  db.exec(`${FIRST_SCHEMA}; PRAGMA user_version = 1; UPDATE store SET revision = 5`);
  db.prepare("INSERT INTO conversations VALUES (?, ?, ?, 0, 0, ?, ?, 1)").run(
    ...[done.conversationId, ALICE, done.title, done.createdAt, Date.parse(done.createdAt)],
  );
  const insert = db.prepare(`
    INSERT INTO messages (id, user_id, conversation_id, parent_id, turn_id, role, status, created_at, revision, content)
    VALUES (?, '${ALICE}', '${done.conversationId}', ?, ?, ?, ?, ?, ?, '{"parts":[]}')`);
  [done, streaming].forEach((turn, index) => {
    const { userMessageId, assistantMessageId, parentId, turnId, createdAt } = turn;
    const status = turn === done ? "complete" : "streaming";
    insert.run(userMessageId, parentId, turnId, "user", "complete", createdAt, 2 + 2 * index);
    insert.run(assistantMessageId, userMessageId, turnId, "assistant", status, createdAt, 3 + 2 * index);
  });
  const id = String(db.prepare("SELECT id FROM store").get()?.id);
  db.close();
  return { cursor: (revision: number) => `${id}.${revision}` };
}
