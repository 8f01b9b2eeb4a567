import type { DatabaseSync } from "node:sqlite";
import type { Audience } from "./audience.ts";
import type { CommitTarget } from "./group-commit.ts";
import type { Journal, TurnEntry } from "./journal.ts";
import type { LiveTurn, OpenBatch } from "./live-turn.ts";
import type { RunningTurns } from "./running-turns.ts";

/** What is committed as one: rows to write, in the order of the calls, and events. */
export type CommitGroup = { operations: Operation[]; entries: TurnEntry[] };

export type Operation = {
  /** Runs inside the transaction. */
  write(): void;
  /** The transaction is committed and its events are published. */
  done?(): void;
  /** The transaction was rolled back. */
  failed?(): void;
};

export type GroupParts = {
  database: DatabaseSync;
  journal: Journal;
  running: RunningTurns;
  audience: Audience;
  onError: (error: unknown) => void;
};

/** Adds events to the turn's batch of this group. */
export function addEvents(group: CommitGroup, turn: LiveTurn, lines: string[]): OpenBatch {
  const batch = turn.open;
  turn.last += lines.length;
  if (batch !== undefined) {
    for (const line of lines) batch.events.push(line);
    return batch;
  }
  const { turnId, conversationId } = turn;
  const first = { turnId, conversationId, firstSeq: turn.last - lines.length + 1, events: lines, ended: false };
  turn.open = first;
  group.entries.push({ turn, batch: first });
  return first;
}

/** How groups become durable and then known. */
export function commitTarget({ database, journal, running, audience, onError }: GroupParts): CommitTarget<CommitGroup> {
  return {
    newGroup: () => ({ operations: [], entries: [] }),

    write({ operations, entries }) {
      for (const { turn } of entries) turn.open = undefined;
      // The usual group is a single insert: its own transaction.
      if (operations.length === 0 && !journal.isOvergrown) {
        if (entries.length > 0) journal.write(entries);
        return;
      }
      inTransaction(database, () => {
        for (const operation of operations) operation.write();
        if (entries.some(({ batch }) => !batch.ended)) journal.write(entries);
        if (journal.isOvergrown) journal.trim();
      });
    },

    publish({ operations, entries }) {
      // One turn after the other, its events known before its readers are called: whoever attaches from within a
      // reader gets each batch exactly once, by replay or by delivery.
      for (const { turn, batch } of entries) {
        for (const line of batch.events) turn.events.push(line);
        if (batch.ended) running.remove(turn);
        audience.publish(batch, turn.userId);
      }
      for (const operation of operations) operation.done?.();
      if (operations.length > 0) journal.keepFor(running.all());
    },

    undo({ operations, entries }) {
      for (const { turn } of entries) turn.last = turn.events.length;
      // Backwards, so that each finds what it met.
      for (const operation of operations.toReversed()) operation.failed?.();
    },

    rest() {
      try {
        return journal.trim();
      } catch (error) {
        onError(error);
        return false;
      }
    },
  };
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    // A full disk has rolled back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
