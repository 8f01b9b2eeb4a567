import { DatabaseSync } from "node:sqlite";

export type Synchronous = "NORMAL" | "FULL";

/**
 * Opens the log's database for this process alone. The lock is the operating system's, so a killed process leaves none
 * behind. Two producers must not share a file: each would take the other's running turns for orphans and end them.
 */
export function openDatabase(path: string, synchronous: Synchronous): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // The order counts: WAL entered under EXCLUSIVE keeps its index in memory and locks the file until it is closed.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${synchronous};
      PRAGMA wal_autocheckpoint = 1000;
      ${SCHEMA}`);
    return database;
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    const advice = "Stop that server, or give this one its own DATA_DIR.";
    throw new Error(`The turn log ${path} is in use by another server. ${advice}`, { cause });
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

// A claim can weigh megabytes and never changes: it has its own table, so that settling a turn does not rewrite it.
// Turn numbers are never used again (AUTOINCREMENT): the journal may still hold entries of a dropped turn.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS turns (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    settled TEXT,
    last_seq INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS turns_of_conversation ON turns (conversation_id, user_id);
  CREATE INDEX IF NOT EXISTS running_turns ON turns (no) WHERE last_seq IS NULL;
  CREATE TABLE IF NOT EXISTS claims (no INTEGER PRIMARY KEY, claim TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS finished (no INTEGER PRIMARY KEY, saved_at INTEGER, events TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS finished_by_save ON finished (saved_at);
  CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
`;
