import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { describeStore } from "../../ports/store.contract.ts";
import {
  ALICE,
  allChanges,
  answerOf,
  haveConversation,
  type OpenStore,
  turnOf,
} from "../../ports/store-contract/samples.ts";
import { describeSubstringSearch } from "../../ports/store-contract/substring-search.ts";
import { createSqliteStore } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "sqlite-store-"));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function newPath(): string {
  files += 1;
  return join(directory, `${files}`, "history.db");
}

// In memory: hundreds of stores are made here, and a busy disk takes seconds for what no case looks at.
const inMemory: OpenStore = async ({ now }) =>
  createSqliteStore({ path: ":memory:", now, onWatcherError: () => undefined });

describeStore("SQLite", inMemory);
describeSubstringSearch(inMemory);

describe("the SQLite store's file", () => {
  it("keeps everything when it is opened again, cursors included", async () => {
    const path = newPath();
    const store = createSqliteStore({ path });
    await haveConversation(store, ALICE, 5);
    const first = await store.changes(ALICE, { limit: 4 });
    const rest = await allChanges(store, ALICE, 50, first.cursor);
    await store.allowTool(ALICE, "files__write");
    await store.close();

    const again = createSqliteStore({ path });
    expect(await allChanges(again, ALICE, 50, first.cursor)).toEqual(rest);
    expect(await again.allowedTools(ALICE)).toEqual(new Set(["files__write"]));
    expect(await again.search(ALICE, { q: "answer 3", limit: 5 })).toHaveLength(1);
    await haveConversation(again, ALICE, 1);
    expect((await allChanges(again, ALICE, 50, rest.cursor)).changes).toHaveLength(3);
    await again.close();
  });

  it("refuses the cursor of another file", async () => {
    const [one, other] = [createSqliteStore({ path: newPath() }), createSqliteStore({ path: newPath() })];
    for (const store of [one, other]) await haveConversation(store, ALICE, 1);
    const after = (await one.cursor(ALICE)) ?? "";
    await expect(other.changes(ALICE, { after, limit: 5 })).rejects.toMatchObject({ code: "bad_request" });
    await Promise.all([one.close(), other.close()]);
  });

  it("is readable by its owner only, with all that SQLite lays beside it", async () => {
    const path = newPath();
    const store = createSqliteStore({ path });
    await haveConversation(store, ALICE, 1);
    const beside = readdirSync(join(path, "..")).sort();
    expect(beside).toEqual(["history.db", "history.db-shm", "history.db-wal"]);
    for (const name of beside) expect(statSync(join(path, "..", name)).mode & 0o777, name).toBe(0o600);
    await store.close();
    chmodSync(path, 0o644);
    await createSqliteStore({ path }).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("says what is wrong with a file that it cannot use, and leaves it as it is", async () => {
    const text = newPath();
    await createSqliteStore({ path: text }).close();
    writeFileSync(text, "This is no database, but a letter. ".repeat(100));
    expect(() => createSqliteStore({ path: text })).toThrow(/history\.db cannot be opened: .*not a database.*backup/);
    expect(statSync(text).size).toBe(3_500);

    const cut = newPath();
    const store = createSqliteStore({ path: cut });
    await store.openTurn(ALICE, turnOf());
    await store.close();
    truncateSync(cut, statSync(cut).size - 3 * 4_096);
    expect(() => createSqliteStore({ path: cut })).toThrow(/cannot be opened: .*(damaged|malformed)/);

    const newer = newPath();
    await createSqliteStore({ path: newer }).close();
    change(newer, "PRAGMA user_version = 99");
    expect(() => createSqliteStore({ path: newer })).toThrow(/schema version 99.*start the newer Sidestream/);

    const foreign = newPath();
    await createSqliteStore({ path: foreign }).close();
    rmSync(foreign);
    change(foreign, "CREATE TABLE bookmarks (url TEXT)");
    expect(() => createSqliteStore({ path: foreign })).toThrow(/a database of another program/);
  });

  it("is unavailable while another process keeps it locked, and works again after that", async () => {
    const path = newPath();
    const store = createSqliteStore({ path, busyMs: 1 });
    const turn = turnOf();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.openTurn(ALICE, turn)).rejects.toMatchObject({ name: "ApiError", code: "unavailable" });
    await expect(store.check()).rejects.toMatchObject({ code: "unavailable" });
    expect(await store.cursor(ALICE)).toBeUndefined();
    other.exec("ROLLBACK");
    other.close();
    await store.check();
    await store.openTurn(ALICE, turn);
    await store.saveAnswer(ALICE, answerOf(turn));
    expect(await store.path(ALICE, turn.assistantMessageId)).toHaveLength(2);
    await store.close();
  });

  it("tells of a watcher that throws", async () => {
    const errors: unknown[] = [];
    const store = createSqliteStore({ path: ":memory:", onWatcherError: (error) => errors.push(error) });
    const fault = new Error("thrown by a watcher");
    store.watch(ALICE, () => {
      throw fault;
    });
    await store.openTurn(ALICE, turnOf());
    expect(errors).toEqual([fault]);
    await store.close();
  });
});

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}
