import fc from "fast-check";
import { expect, it } from "vitest";
import type { TurnLog } from "../turn-log.ts";
import { COMPLETED, claimed, RecordingReader, type StartLog, text } from "./fixture.ts";

const TURNS = 3;

const stepArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("append"), turn: fc.nat(TURNS - 1), count: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("attach"), turn: fc.nat(TURNS - 1), at: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("attachUser"), turn: fc.nat(TURNS - 1), at: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait"), turn: fc.nat(TURNS - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end"), turn: fc.nat(TURNS - 1) }) },
);
type Step = { do: string; turn: number; count?: number; at?: number };

type Turn = { turnId: string; expected: unknown[]; committed: number; pending: Promise<unknown>[]; ended: boolean };
type Attached = { reader: RecordingReader; after: Map<string, number> };

export function interleavingCases(start: StartLog): void {
  it("gives each reader each event once and in order, wherever it attached", async () => {
    const { log } = await start();
    let user = 0;
    const steps = fc.array(stepArbitrary, { minLength: 5, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        user += 1;
        await play(log, `user-${user}`, plan);
      }),
      { numRuns: 30 },
    );
  });
}

/** Runs the steps, ends all turns and compares what each reader got with what was appended. */
async function play(log: TurnLog, userId: string, plan: readonly Step[]): Promise<void> {
  const turns = await Promise.all(Array.from({ length: TURNS }, () => startTurn(log, userId)));
  const readers: Attached[] = [];
  for (const step of plan) {
    const turn = turns[step.turn];
    if (turn === undefined) continue;
    // A reader cannot know more than what was committed.
    const after = Math.floor((turn.committed * (step.at ?? 0)) / 100);
    if (step.do === "append") append(log, turn, step.count ?? 0);
    if (step.do === "wait") await settled(turn);
    if (step.do === "end") end(log, turn);
    if (step.do === "attach") {
      const reader = new RecordingReader();
      const { status } = await log.attach(turn.turnId, after, reader);
      if (status === "attached") readers.push({ reader, after: new Map([[turn.turnId, after]]) });
      else expect([status, after]).toEqual(["at-end", turn.expected.length]);
    }
    if (step.do === "attachUser") {
      const reader = new RecordingReader();
      const cursors = new Map(turns.map(({ turnId }) => [turnId, turnId === turn.turnId ? after : 0]));
      await log.attachUser(userId, cursors, reader);
      readers.push({ reader, after: cursors });
    }
  }
  for (const turn of turns) {
    end(log, turn);
    await settled(turn);
  }
  for (const { reader, after } of readers) {
    for (const turn of turns) {
      const first = after.get(turn.turnId);
      const expected = first === undefined ? [] : turn.expected.slice(first);
      expect(reader.eventsOf(turn.turnId)).toEqual(expected);
      expect(reader.firstOf(turn.turnId)).toBe(expected.length === 0 ? undefined : (first ?? 0) + 1);
      expect(reader.hasEnd(turn.turnId)).toBe(expected.length > 0);
    }
  }
}

async function startTurn(log: TurnLog, userId: string): Promise<Turn> {
  const { turnId } = await claimed(log, { userId });
  return { turnId, expected: [], committed: 0, pending: [], ended: false };
}

function append(log: TurnLog, turn: Turn, count: number): void {
  if (turn.ended) return;
  const events = Array.from({ length: count }, (_, index) => text(`${turn.expected.length + index} `));
  turn.expected.push(...events);
  const appended = log.append(turn.turnId, events).then((seq) => {
    turn.committed = Math.max(turn.committed, seq);
  });
  turn.pending.push(appended);
}

function end(log: TurnLog, turn: Turn): void {
  if (turn.ended) return;
  turn.ended = true;
  turn.expected.push(COMPLETED);
  const finished = log
    .settle(turn.turnId, COMPLETED)
    .then(() => log.finish(turn.turnId, { saved: true }))
    .then(() => {
      turn.committed = turn.expected.length;
    });
  turn.pending.push(finished);
}

async function settled(turn: Turn): Promise<void> {
  await Promise.all(turn.pending.splice(0));
}
