import type { DatabaseSync } from "node:sqlite";
import { isTerminal, type TerminalEvent, type TurnEvent } from "../../../lib/protocol/events.ts";
import {
  LogClosedError,
  type LoggedTurn,
  type TurnClaim,
  type TurnLog,
  type TurnReader,
} from "../../ports/turn-log.ts";
import { Audience } from "./audience.ts";
import { addEvents, type CommitGroup, commitTarget, type Operation } from "./commit-group.ts";
import { follow, followUser } from "./follow.ts";
import { GroupCommit } from "./group-commit.ts";
import { Journal } from "./journal.ts";
import { type LiveTurn, liveTurn } from "./live-turn.ts";
import { RunningTurns } from "./running-turns.ts";
import { readEvents } from "./stored-json.ts";
import { TurnTable } from "./turn-table.ts";

const COMMIT_INTERVAL_MS = 5;
const KEPT_MS = 24 * 60 * 60 * 1000;
/** Logs that are dropped in one step: a few megabytes, so that running turns do not wait for it. */
const EXPIRED_AT_ONCE = 16;

/** The port's methods over their parts. See `createSqliteTurnLog`. */
export class SqliteTurnLog implements TurnLog {
  readonly #database: DatabaseSync;
  readonly #table: TurnTable;
  readonly #journal: Journal;
  readonly #running = new RunningTurns();
  readonly #audience: Audience;
  readonly #commits: GroupCommit<CommitGroup>;
  readonly #orphans: readonly LiveTurn[];
  readonly #now: () => Date;
  #closing: Promise<void> | undefined;

  constructor(database: DatabaseSync, options: { now: () => Date; onError: (error: unknown) => void }) {
    const { now, onError } = options;
    this.#database = database;
    this.#now = now;
    this.#table = new TurnTable(database);
    this.#journal = new Journal(database);
    this.#audience = new Audience(onError);
    const parts = { database, journal: this.#journal, running: this.#running, audience: this.#audience, onError };
    this.#commits = new GroupCommit(commitTarget(parts), COMMIT_INTERVAL_MS);
    this.#orphans = this.#table.running();
    this.#journal.recover(new Map(this.#orphans.map((turn) => [turn.no, turn])));
    for (const turn of this.#orphans) this.#running.add(turn);
  }

  async claim(claim: TurnClaim): ReturnType<TurnLog["claim"]> {
    // The same id in the open group: it is known as soon as that is committed.
    while (this.#running.isReserved(claim.turnId)) await this.#commits.request();
    const known = this.#table.claimOf(claim.turnId);
    if (known !== undefined) return { status: "known", claim: known };
    if (!this.#running.reserve(claim)) return { status: "busy" };
    let no = 0;
    await this.#commit({
      write: () => {
        no = this.#table.insert(claim);
      },
      done: () => this.#running.add(liveTurn(no, claim)),
      failed: () => this.#running.release(claim),
    });
    return { status: "claimed", claim };
  }

  async find(turnId: string): Promise<TurnClaim | undefined> {
    return this.#table.claimOf(turnId);
  }

  async append(turnId: string, events: readonly TurnEvent[]): Promise<number> {
    const turn = this.#running.get(turnId);
    if (turn === undefined || turn.phase !== "running") throw new LogClosedError(turnId);
    if (turn.end !== undefined) return this.#appendEnd(turn, turn.end, events);
    if (events.some(isTerminal)) throw new Error(`turn ${turnId} has to be settled before its terminal event`);
    if (events.length > 0) {
      const lines = events.map((event) => JSON.stringify(event));
      addEvents(this.#commits.group, turn, lines);
    }
    const { last } = turn;
    if (turn.open !== undefined) await this.#commits.request();
    return last;
  }

  async settle(turnId: string, end: TerminalEvent): Promise<TerminalEvent> {
    const turn = this.#running.get(turnId);
    if (turn === undefined) return this.#endOf(turnId);
    if (turn.phase === "gone") throw new LogClosedError(turnId);
    if (turn.end !== undefined) {
      const stands = turn.end;
      // It may be in the open group still.
      await this.#commits.request();
      return stands;
    }
    turn.end = end;
    await this.#commit({
      write: () => this.#table.settle(turn.no, end),
      failed: () => {
        turn.end = undefined;
      },
    });
    return end;
  }

  async finish(turnId: string, { saved }: { saved: boolean }): Promise<void> {
    const turn = this.#running.get(turnId);
    if (turn?.phase === "gone") throw new LogClosedError(turnId);
    if (turn?.phase === "running") return this.#end(turn, saved);
    if (turn === undefined) this.#endOf(turnId);
    if (saved) await this.markSaved(turnId);
    else await this.#commits.request();
  }

  async markSaved(turnId: string): Promise<void> {
    await this.#commit({ write: () => this.#table.markSaved(turnId, this.#now().getTime()) });
  }

  async orphans(): Promise<LoggedTurn[]> {
    return this.#orphans
      .filter((turn) => this.#running.get(turn.turnId) === turn)
      .map((turn) => this.#logged(turn.turnId, turn.events, turn.end));
  }

  async unsaved(): Promise<LoggedTurn[]> {
    return this.#table.unsaved().map((turnId) => {
      const ended = this.#table.ended(turnId);
      return this.#logged(turnId, ended?.lines ?? [], ended?.end);
    });
  }

  async dropConversation(userId: string, conversationId: string): Promise<void> {
    const running = this.#running.in(userId, conversationId);
    const phase = running?.phase;
    if (running !== undefined) running.phase = "gone";
    await this.#commit({
      write: () => this.#table.drop(userId, conversationId),
      done: () => {
        // Looked up again: a claim of the same group is dropped as well.
        const turn = this.#running.in(userId, conversationId);
        if (turn === undefined) return;
        this.#running.remove(turn);
        this.#audience.dismiss(turn);
      },
      failed: () => {
        if (running !== undefined && phase !== undefined) running.phase = phase;
      },
    });
  }

  async attach(turnId: string, after: number, reader: TurnReader): ReturnType<TurnLog["attach"]> {
    return this.#commits.hold(() => follow(this.#sources(), { turnId, after, reader }));
  }

  async attachUser(userId: string, cursors: ReadonlyMap<string, number>, reader: TurnReader) {
    return this.#commits.hold(() => followUser(this.#sources(), { userId, cursors, reader }));
  }

  async runningIn(userId: string, conversationId: string): Promise<string[]> {
    const turn = this.#running.in(userId, conversationId);
    return turn === undefined ? [] : [turn.turnId];
  }

  async expire(now: Date): Promise<void> {
    const savedBefore = now.getTime() - KEPT_MS;
    while (this.#closing === undefined && this.#table.expire(savedBefore, EXPIRED_AT_ONCE) === EXPIRED_AT_ONCE) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async check(): Promise<void> {
    await this.#commit({ write: () => this.#journal.write([]) });
  }

  close(): Promise<void> {
    this.#closing ??= this.#commits.close().finally(() => this.#database.close());
    return this.#closing;
  }

  #commit(operation: Operation): Promise<void> {
    this.#commits.group.operations.push(operation);
    return this.#commits.request();
  }

  /** The terminal event may also come by `append`; whether the answer is saved is then told by `markSaved`. */
  async #appendEnd(turn: LiveTurn, end: TerminalEvent, events: readonly TurnEvent[]): Promise<number> {
    const isTheEnd = events.length === 1 && JSON.stringify(events[0]) === JSON.stringify(end);
    if (!isTheEnd) throw new LogClosedError(turn.turnId);
    const last = turn.last + 1;
    await this.#end(turn, false);
    return last;
  }

  async #end(turn: LiveTurn, saved: boolean): Promise<void> {
    if (turn.end === undefined) throw new Error(`turn ${turn.turnId} has to be settled before it is finished`);
    const batch = addEvents(this.#commits.group, turn, [JSON.stringify(turn.end)]);
    batch.ended = true;
    turn.phase = "ending";
    await this.#commit({
      write: () => {
        const lines = [...turn.events, ...batch.events];
        this.#table.finish(turn.no, lines, saved ? this.#now().getTime() : null);
      },
      failed: () => {
        turn.phase = "running";
      },
    });
  }

  #endOf(turnId: string): TerminalEvent {
    const ended = this.#table.ended(turnId);
    if (ended === undefined) throw new LogClosedError(turnId);
    return ended.end;
  }

  #logged(turnId: string, lines: readonly string[], end: TerminalEvent | undefined): LoggedTurn {
    const claim = this.#table.claimOf(turnId);
    if (claim === undefined) throw new Error(`the turn log has events of turn ${turnId}, but not its claim`);
    return { claim, events: readEvents(lines), end };
  }

  #sources() {
    if (this.#closing !== undefined) throw new Error("the turn log is closed");
    return { running: this.#running, table: this.#table, audience: this.#audience };
  }
}
