import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LogClosedError } from "../../ports/turn-log.ts";
import { ended, RecordingReader, running, text } from "../../ports/turn-log-contract/fixture.ts";
import { createSqliteTurnLog } from "./index.ts";
import { openDatabase } from "./open-database.ts";
import { SqliteTurnLog } from "./sqlite-turn-log.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turn-log-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it.each(["NORMAL", "FULL"] as const)("works with synchronous=%s and says so to SQLite", async (synchronous) => {
  const database = openDatabase(join(folder, "turns.db"), synchronous);
  expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: synchronous === "FULL" ? 2 : 1 });
  expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  const log = new SqliteTurnLog(database, { now: () => new Date(), onError: fail });
  await ended(log, ["a"]);
  await log.close();
});

it("is refused to a second server while the first has it, in a clear sentence", async () => {
  const path = join(folder, "turns.db");
  const first = createSqliteTurnLog({ path });
  expect(() => createSqliteTurnLog({ path })).toThrow(/in use by another server.*DATA_DIR/);
  const { turnId } = await running(first, ["a"]);
  expect(await first.append(turnId, [text("b")])).toBe(2);
  await first.close();
  await createSqliteTurnLog({ path }).close();
});

it("deletes the journal behind the oldest running turn", async () => {
  const path = join(folder, "turns.db");
  const log = createSqliteTurnLog({ path });
  await ended(log, ["a", "b"]);
  const long = await running(log, ["c"]);
  for (let i = 0; i < 5; i++) await ended(log, ["d"]);
  await expect.poll(() => idsOfJournal(path)[0]).toBeGreaterThan(1);
  // What the running turn has said is still there for a crash.
  const crashed = createSqliteTurnLog({ path: copyOf(path) });
  expect(await crashed.orphans()).toEqual([{ claim: long, events: [text("c")], end: undefined }]);
  await crashed.close();
  await log.dropConversation(long.userId, long.conversationId);
  await expect.poll(() => idsOfJournal(path)).toEqual([]);
  await log.close();
});

it("tells callers and no reader when the disk is full, and goes on with the right numbers afterwards", async () => {
  const database = openDatabase(join(folder, "turns.db"), "NORMAL");
  const log = new SqliteTurnLog(database, { now: () => new Date(), onError: fail });
  const { turnId, conversationId } = await running(log, ["a"]);
  const reader = new RecordingReader();
  await log.attach(turnId, 0, reader);
  const pages = Number(database.prepare("PRAGMA page_count").get()?.page_count);
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const big = text("x".repeat(1_000_000));
  const refused = await Promise.allSettled([
    log.append(turnId, [big]),
    log.append(turnId, [text("b"), big]),
    log.settle(turnId, { type: "stopped" }),
    log.finish(turnId, { saved: true }),
    log.dropConversation("user-a", conversationId),
  ]);
  expect(refused.filter((result) => result.status === "rejected")).toHaveLength(refused.length);
  expect(reader.eventsOf(turnId)).toEqual([text("a")]);
  database.exec("PRAGMA max_page_count = 1000000");
  expect(await log.append(turnId, [text("c")])).toBe(2);
  expect(await log.settle(turnId, { type: "completed", finishReason: "stop" })).toMatchObject({ type: "completed" });
  await log.finish(turnId, { saved: true });
  expect(reader.eventsOf(turnId)).toEqual([text("a"), text("c"), { type: "completed", finishReason: "stop" }]);
  expect(await log.runningIn("user-a", conversationId)).toEqual([]);
  await log.close();
});

it("takes nothing more from the very call of a drop on", async () => {
  const log = createSqliteTurnLog({ path: join(folder, "turns.db") });
  const { turnId, conversationId } = await running(log, ["a"]);
  const dropping = log.dropConversation("user-a", conversationId);
  await expect(log.append(turnId, [text("b")])).rejects.toBeInstanceOf(LogClosedError);
  await expect(log.settle(turnId, { type: "stopped" })).rejects.toBeInstanceOf(LogClosedError);
  await expect(log.finish(turnId, { saved: true })).rejects.toBeInstanceOf(LogClosedError);
  await dropping;
  await log.close();
});

it("keeps no row of a dropped conversation", async () => {
  const database = openDatabase(join(folder, "turns.db"), "NORMAL");
  const log = new SqliteTurnLog(database, { now: () => new Date(), onError: fail });
  const { conversationId } = await ended(log, ["a"]);
  await ended(log, ["b"], { conversationId, saved: false });
  await running(log, ["c"], { conversationId });
  await log.dropConversation("user-a", conversationId);
  for (const table of ["turns", "claims", "finished"]) {
    expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  }
  await log.close();
});

it("reports a reader that threw", async () => {
  const errors: unknown[] = [];
  const log = createSqliteTurnLog({ path: join(folder, "turns.db"), onError: (error) => errors.push(error) });
  const { turnId } = await running(log, ["a"]);
  const broken = new Error("broken");
  const onBatch = () => {
    throw broken;
  };
  await log.attach(turnId, 1, { onBatch });
  await log.append(turnId, [text("b")]);
  expect(errors).toEqual([broken]);
  await log.close();
});

/** The file is locked while the log is open: what is in it is read from a copy, as a crash would leave it. */
function copyOf(path: string): string {
  const copy = mkdtempSync(join(folder, "copy-"));
  for (const suffix of ["", "-wal"]) cpSync(`${path}${suffix}`, join(copy, `turns.db${suffix}`));
  return join(copy, "turns.db");
}

function idsOfJournal(path: string): number[] {
  const database = new DatabaseSync(copyOf(path));
  const rows = database.prepare("SELECT id FROM journal ORDER BY id").all();
  database.close();
  return rows.map((row) => Number(row.id));
}

function fail(error: unknown): never {
  throw error;
}
