import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "./migrations.ts";

/** Opens the file, makes it when it does not exist and brings it to the newest schema. Throws with the way out. */
export function openDatabase(path: string, busyMs: number): DatabaseSync {
  if (path !== ":memory:") keepPrivate(path);
  const db = new DatabaseSync(path, { timeout: busyMs });
  try {
    migrate(db);
    // NORMAL survives a killed process; a power cut may take the last commits, never the file's consistency.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;");
    return db;
  } catch (cause) {
    db.close();
    throw new Error(
      `The history in ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}. ` +
        "Restore it from a backup, or move it away to start with an empty history.",
      { cause },
    );
  }
}

/** SQLite gives its -wal and -shm files the mode of the database, so it must be right before they are made. */
function keepPrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}
