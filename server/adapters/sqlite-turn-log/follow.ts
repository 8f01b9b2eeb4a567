import type { TurnBatch, TurnReader } from "../../ports/turn-log.ts";
import type { Audience } from "./audience.ts";
import { restOf } from "./live-turn.ts";
import type { RunningTurns } from "./running-turns.ts";
import type { EndedTurn, TurnTable } from "./turn-table.ts";

export type Sources = { running: RunningTurns; table: TurnTable; audience: Audience };

export type Followed =
  | { status: "attached"; detach(): void }
  | { status: "not-found" | "expired" | "ahead" | "at-end" };

/** Replays one turn to the reader and subscribes it: one synchronous step, so that no batch can come in between. */
export function follow(
  { running, table, audience }: Sources,
  { turnId, after, reader }: { turnId: string; after: number; reader: TurnReader },
): Followed {
  const turn = running.get(turnId);
  if (turn !== undefined) {
    if (after > turn.events.length) return { status: "ahead" };
    const rest = restOf(turn, after);
    if (rest !== undefined) audience.deliver(reader, rest);
    return { status: "attached", detach: audience.followTurn(turnId, reader) };
  }
  const ended = table.ended(turnId);
  if (ended === undefined) return { status: "not-found" };
  if (ended.lines === undefined) return { status: "expired" };
  if (after > ended.lastSeq) return { status: "ahead" };
  const rest = restOfEnded(turnId, ended, after);
  if (rest === undefined) return { status: "at-end" };
  audience.deliver(reader, rest);
  return { status: "attached", detach: nothingToDetach };
}

/** Replays the named and the running turns of a user to the reader and subscribes it, in one synchronous step. */
export function followUser(
  { running, table, audience }: Sources,
  { userId, cursors, reader }: { userId: string; cursors: ReadonlyMap<string, number>; reader: TurnReader },
): { detach(): void } {
  for (const [turnId, after] of cursors) {
    const ended = running.get(turnId) === undefined ? table.ended(turnId) : undefined;
    if (ended?.userId !== userId) continue;
    const rest = restOfEnded(turnId, ended, after);
    if (rest !== undefined) audience.deliver(reader, rest);
  }
  for (const turn of running.all()) {
    if (turn.userId !== userId) continue;
    const rest = restOf(turn, cursors.get(turn.turnId) ?? 0);
    if (rest !== undefined) audience.deliver(reader, rest);
  }
  return { detach: audience.followUser(userId, reader) };
}

function restOfEnded(turnId: string, ended: EndedTurn, after: number): TurnBatch | undefined {
  const { conversationId, lastSeq, lines = [] } = ended;
  if (after >= lastSeq || lines.length === 0) return undefined;
  return { turnId, conversationId, firstSeq: after + 1, events: lines.slice(after), ended: true };
}

/** An ended turn has nothing more to say. */
function nothingToDetach(): void {
  return;
}
