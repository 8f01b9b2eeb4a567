import type { TerminalEvent } from "../../../lib/protocol/events.ts";
import type { TurnBatch } from "../../ports/turn-log.ts";

/** A running turn in memory. The question is not here: a thousand idle turns must stay small. */
export type LiveTurn = {
  /** The turn's number in the database. */
  readonly no: number;
  readonly turnId: string;
  readonly userId: string;
  readonly conversationId: string;
  /** The published events, a line of JSON each. */
  readonly events: string[];
  /** The number of the last event that was taken in, published or not. */
  last: number;
  /** What the open group holds of this turn. */
  open: OpenBatch | undefined;
  /** The end that was settled, committed or about to be. */
  end: TerminalEvent | undefined;
  /** `ending`: the terminal event is taken in. `gone`: the conversation is being dropped. */
  phase: "running" | "ending" | "gone";
  /** The journal's first entry about this turn: from there on the journal has to be kept. */
  firstEntry: number | undefined;
};

/** Events that will be committed together; from the commit on it is what all readers get, and changes no more. */
export type OpenBatch = TurnBatch & { events: string[] };

/** A turn of which nothing is in memory yet. */
export function liveTurn(
  no: number,
  turn: Pick<LiveTurn, "turnId" | "userId" | "conversationId">,
  end?: TerminalEvent,
): LiveTurn {
  const { turnId, userId, conversationId } = turn;
  return {
    no,
    turnId,
    userId,
    conversationId,
    events: [],
    last: 0,
    open: undefined,
    end,
    phase: "running",
    firstEntry: undefined,
  };
}

/** What of a running turn is published after number `after`; undefined when there is nothing. */
export function restOf(turn: LiveTurn, after: number): TurnBatch | undefined {
  if (after >= turn.events.length) return undefined;
  const { turnId, conversationId } = turn;
  return { turnId, conversationId, firstSeq: after + 1, events: turn.events.slice(after), ended: false };
}
