import type { TerminalEvent, TurnEvent } from "../../lib/protocol/events.ts";
import type { QuestionPart } from "../../lib/protocol/messages.ts";

/**
 * The durable list of each turn's events, and the only thing that readers follow. An event is committed before any
 * reader gets it. Adapters: SQLite, Redis. `turn-log.contract.ts` is the suite that each of them passes.
 */
export interface TurnLog {
  /**
   * Claims a turn id for its first caller; committed when it resolves. `busy`: another turn of the conversation runs.
   * `known`: the id was claimed before, by whoever `claim` says. Nothing is written in these two cases.
   */
  claim(claim: TurnClaim): Promise<{ status: "claimed" | "known"; claim: TurnClaim } | { status: "busy" }>;

  /** The claim of a turn, also after its events are gone; undefined when the turn is unknown or was dropped. */
  find(turnId: string): Promise<TurnClaim | undefined>;

  /**
   * Appends to a claimed turn and numbers the events on from the last one. Resolves after the commit with the number
   * of the last event; readers get the batch in the same moment. Appends of all turns are committed as a group: at once
   * when the log was idle, else at most every 5 ms. Fails with LogClosedError when the turn is ending, ended or dropped
   * (but for the terminal event that was settled).
   */
  append(turnId: string, events: readonly TurnEvent[]): Promise<number>;

  /**
   * Commits how the turn will end before its answer is saved; readers do not see it. After a crash it is found in
   * `orphans`, so that the same end is saved again. The first end wins: resolves with the one that stands.
   */
  settle(turnId: string, end: TerminalEvent): Promise<TerminalEvent>;

  /**
   * Appends the settled end as the terminal event. `saved` tells whether the answer is in the store; if not, the turn
   * stays among `unsaved` and its log is kept until `markSaved`.
   */
  finish(turnId: string, options: { saved: boolean }): Promise<void>;

  /** Tells that the answer of an ended turn has reached the store. */
  markSaved(turnId: string): Promise<void>;

  /** Turns without a terminal event whose producer is dead: to be settled, saved and finished by the caller. Called once, at start. */
  orphans(): Promise<LoggedTurn[]>;

  /** Ended turns whose answer has not reached the store. */
  unsaved(): Promise<LoggedTurn[]>;

  /** Forgets all turns of a conversation with their claims; readers get `onGone`. Used when the conversation is deleted. */
  dropConversation(userId: string, conversationId: string): Promise<void>;

  /**
   * Follows one turn: the reader first gets what is after `after`, then what comes, without a gap and in order.
   * `expired`: the events were dropped 24 h after the end. `ahead`: `after` is beyond the log. `at-end`: the reader
   * has the terminal event already. Nothing is attached in these cases.
   */
  attach(
    turnId: string,
    after: number,
    reader: TurnReader,
  ): Promise<{ status: "attached"; detach(): void } | { status: "not-found" | "expired" | "ahead" | "at-end" }>;

  /**
   * Follows all turns of a user, present and future: first what is after the given number of each named turn (rest of
   * ended ones too; unknown and foreign ones are ignored) and of each running turn from 1, then what comes.
   */
  attachUser(userId: string, cursors: ReadonlyMap<string, number>, reader: TurnReader): Promise<{ detach(): void }>;

  /** Ids of the running turns of a conversation of this user: none or one. */
  runningIn(userId: string, conversationId: string): Promise<string[]>;

  /** Drops the events of turns that ended and were saved more than 24 h ago. */
  expire(now: Date): Promise<void>;

  /** Resolves when the log can commit; rejects with the reason otherwise. For GET /ready. */
  check(): Promise<void>;

  /** Commits what is pending and closes. */
  close(): Promise<void>;
}

/** What is needed to answer a resent request and to repeat the save of the question after a crash. */
export type TurnClaim = {
  turnId: string;
  userId: string;
  conversationId: string;
  parentId: string | null;
  userMessageId: string;
  assistantMessageId: string;
  question: readonly QuestionPart[];
  /** The title that the conversation gets when it is new. */
  title: string;
  /** ISO 8601, UTC. */
  createdAt: string;
};

/** Consecutive events of one turn, committed together. The same object goes to all readers. */
export type TurnBatch = {
  turnId: string;
  conversationId: string;
  firstSeq: number;
  /** One line of JSON for each event. */
  events: readonly string[];
  /** Whether the last of `events` is the terminal event. */
  ended: boolean;
};

export interface TurnReader {
  /** Called synchronously after the commit; must not throw and must not wait. */
  onBatch(batch: TurnBatch): void;
  /** The turn was dropped: nothing follows. */
  onGone?(turnId: string): void;
}

/** A turn as it stands in the log. */
export type LoggedTurn = {
  claim: TurnClaim;
  events: readonly TurnEvent[];
  /** The end that was settled before the crash, if there was one. */
  end: TerminalEvent | undefined;
};

/** The turn takes no events any more. */
export class LogClosedError extends Error {
  constructor(turnId: string) {
    super(`turn ${turnId} takes no more events`);
    this.name = "LogClosedError";
  }
}
