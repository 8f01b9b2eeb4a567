import type { DatabaseSync, StatementSync } from "node:sqlite";
import * as z from "zod";
import type { LiveTurn, OpenBatch } from "./live-turn.ts";

/** Entries that one step of the clean-up deletes: few enough not to be felt by a reader. */
const TRIMMED_AT_ONCE = 128;

/** The events of one turn in one commit. */
export type TurnEntry = { turn: LiveTurn; batch: OpenBatch };

/**
 * One row for each commit with the events of all turns in it, because a row per turn would dirty a page per turn. It is
 * read after a crash only: running turns are replayed from memory, ended ones from their own row.
 *
 * An entry is made of lines: `<turn number> <count>`, then as many events, and so on.
 */
export class Journal {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #select: StatementSync;
  #next = 1;
  #oldest = 1;
  /** Entries before this one are of no use to any running turn. */
  #floor = 1;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare("INSERT INTO journal (id, entry) VALUES (?, ?)");
    this.#delete = database.prepare("DELETE FROM journal WHERE id < ?");
    this.#select = database.prepare("SELECT id, entry FROM journal ORDER BY id");
  }

  /** Reads the journal that a dead process left into its running turns, given by number. Called once, before `write`. */
  recover(turns: ReadonlyMap<number, LiveTurn>): void {
    for (const row of this.#select.iterate()) {
      const { id, entry } = journalRow.parse(row);
      if (this.#next === 1) this.#oldest = id;
      this.#next = id + 1;
      recoverEntry(turns, id, entry);
    }
    this.keepFor(turns.values());
  }

  /** Writes an entry with these batches; an empty one shows that writing works. */
  write(entries: readonly TurnEntry[]): void {
    let text = "";
    for (const { turn, batch } of entries) {
      if (batch.ended) continue;
      turn.firstEntry ??= this.#next;
      text += `${turn.no} ${batch.events.length}\n${batch.events.join("\n")}\n`;
    }
    this.#insert.run(this.#next, text);
    this.#next += 1;
  }

  /** Frees all entries that are older than what these turns need. */
  keepFor(running: Iterable<LiveTurn>): void {
    let floor = this.#next;
    for (const { firstEntry } of running) {
      if (firstEntry !== undefined && firstEntry < floor) floor = firstEntry;
    }
    this.#floor = floor;
  }

  /** Whether so much is freed that a commit should delete some of it. */
  get isOvergrown(): boolean {
    return this.#floor - this.#oldest >= TRIMMED_AT_ONCE;
  }

  /** Deletes some of what is freed; false when there is none. */
  trim(): boolean {
    if (this.#oldest >= this.#floor) return false;
    this.#oldest = Math.min(this.#oldest + TRIMMED_AT_ONCE, this.#floor);
    this.#delete.run(this.#oldest);
    return true;
  }
}

const journalRow = z.object({ id: z.number(), entry: z.string() });

function recoverEntry(turns: ReadonlyMap<number, LiveTurn>, id: number, entry: string): void {
  const lines = entry.split("\n");
  for (let at = 0; at < lines.length - 1; ) {
    const [no, count = 0] = (lines[at] ?? "").split(" ").map(Number);
    const turn = turns.get(no ?? 0);
    if (turn !== undefined) {
      turn.firstEntry ??= id;
      for (const line of lines.slice(at + 1, at + 1 + count)) turn.events.push(line);
      turn.last = turn.events.length;
    }
    at += 1 + count;
  }
}
