import type { TurnLog } from "../../ports/turn-log.ts";
import { openDatabase, type Synchronous } from "./open-database.ts";
import { SqliteTurnLog } from "./sqlite-turn-log.ts";

export type SqliteTurnLogOptions = {
  /** The database file; its folder exists. No other log may have it open. */
  path: string;
  /** `NORMAL` survives the death of the process; only `FULL` also keeps the last commits through a power cut. */
  synchronous?: Synchronous;
  now?: () => Date;
  /** Told of what has no caller to tell: a reader that threw, a failed clean-up. A process warning otherwise. */
  onError?: (error: unknown) => void;
};

/**
 * Opens the turn log of a single server process. Turns that a dead process left running are loaded from the journal and
 * can be followed at once. Fails when another process has the file open.
 */
export function createSqliteTurnLog(options: SqliteTurnLogOptions): TurnLog {
  const { path, synchronous = "NORMAL", now = () => new Date(), onError = warn } = options;
  return new SqliteTurnLog(openDatabase(path, synchronous), { now, onError });
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error("the turn log failed", { cause: error }));
}
