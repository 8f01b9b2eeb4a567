import { v7 as uuid } from "uuid";
import { afterEach, expect } from "vitest";
import type { TerminalEvent, TurnEvent } from "../../../lib/protocol/events.ts";
import type { TurnBatch, TurnClaim, TurnLog, TurnReader } from "../turn-log.ts";

/** A log that a test has for itself. */
export type LogUnderTest = {
  log: TurnLog;
  /** Ends the log as `kill -9` of its process does and opens what is left. */
  reopen(): Promise<TurnLog>;
  /** Closes what is open and removes what was stored. */
  remove(): Promise<void>;
};

export type OpenLog = (options: { now: () => Date }) => Promise<LogUnderTest>;

/** Opens a log whose clock the test turns; removed after the test. */
export type StartLog = () => Promise<LogUnderTest & { clock: Clock }>;

export type Clock = { now: Date };

export function startLogs(open: OpenLog): StartLog {
  const opened: LogUnderTest[] = [];
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.remove();
  });
  return async () => {
    const clock = { now: new Date("2026-03-01T12:00:00.000Z") };
    const log = await open({ now: () => clock.now });
    opened.push(log);
    return { ...log, clock };
  };
}

/** A claim with ids of its own. */
export function someClaim(over: Partial<TurnClaim> = {}): TurnClaim {
  return {
    turnId: uuid(),
    userId: "user-a",
    conversationId: uuid(),
    parentId: null,
    userMessageId: uuid(),
    assistantMessageId: uuid(),
    question: [{ type: "text", text: "What does it say? \u{1F30D} \u0000\n" }],
    title: "What does it say?",
    createdAt: "2026-03-01T12:00:00.000Z",
    ...over,
  };
}

/** Claims a turn and returns its claim. */
export async function claimed(log: TurnLog, over: Partial<TurnClaim> = {}): Promise<TurnClaim> {
  const claim = someClaim(over);
  expect(await log.claim(claim)).toEqual({ status: "claimed", claim });
  return claim;
}

/** Claims a turn and appends these texts to it. */
export async function running(log: TurnLog, texts: string[], over: Partial<TurnClaim> = {}): Promise<TurnClaim> {
  const claim = await claimed(log, over);
  await log.append(claim.turnId, texts.map(text));
  return claim;
}

/** Claims a turn, appends these texts and ends it. */
export async function ended(
  log: TurnLog,
  texts: string[],
  { saved = true, ...over }: Partial<TurnClaim> & { saved?: boolean } = {},
): Promise<TurnClaim> {
  const claim = await running(log, texts, over);
  await log.settle(claim.turnId, COMPLETED);
  await log.finish(claim.turnId, { saved });
  return claim;
}

export function text(delta: string): TurnEvent {
  return { type: "text", delta };
}

export const COMPLETED: TerminalEvent = { type: "completed", finishReason: "stop" };

/** A reader that keeps what it gets and fails the test on a gap, a repetition or anything after the end. */
export class RecordingReader implements TurnReader {
  readonly batches: TurnBatch[] = [];
  readonly gone: string[] = [];
  readonly #next = new Map<string, number>();
  readonly #ended = new Set<string>();
  faults: string[] = [];

  onBatch(batch: TurnBatch): void {
    const { turnId, firstSeq, events, ended } = batch;
    const next = this.#next.get(turnId) ?? firstSeq;
    if (firstSeq !== next) this.faults.push(`expected ${next} of ${turnId}, got ${firstSeq}`);
    if (this.#ended.has(turnId)) this.faults.push(`a batch after the end of ${turnId}`);
    if (events.length === 0) this.faults.push("an empty batch");
    this.#next.set(turnId, firstSeq + events.length);
    if (ended) this.#ended.add(turnId);
    this.batches.push(batch);
  }

  onGone(turnId: string): void {
    this.gone.push(turnId);
  }

  /** The number of the first event that came of this turn. */
  firstOf(turnId: string): number | undefined {
    return this.batches.find((batch) => batch.turnId === turnId)?.firstSeq;
  }

  hasEnd(turnId: string): boolean {
    return this.#ended.has(turnId);
  }

  /** All events that came of this turn. */
  eventsOf(turnId: string): unknown[] {
    expect(this.faults).toEqual([]);
    return this.batches
      .filter((batch) => batch.turnId === turnId)
      .flatMap((batch) => batch.events)
      .map((line) => JSON.parse(line));
  }
}
