import type { KeeperState } from "../messaging/keeper-state.ts";
import { runningTurns, unsentQuestions } from "./derived.ts";

/**
 * Pure: the conversation that a fresh panel shows. The last one when it runs, else the newest that runs, else the last
 * one if it still exists; undefined for a new one.
 */
export function homeOf(state: KeeperState, last: string | undefined): string | undefined {
  const waiting = unsentQuestions(state).map(({ turn }) => turn);
  const active = [...runningTurns(state), ...waiting].toSorted((a, b) => (a.turnId < b.turnId ? 1 : -1));
  if (last !== undefined && active.some((turn) => turn.conversationId === last)) return last;
  if (active[0]) return active[0].conversationId;
  const exists = last !== undefined && (last in state.conversations || isPending(state, last));
  return exists ? last : undefined;
}

function isPending(state: KeeperState, conversationId: string): boolean {
  return Object.values(state.pending).some(({ turn }) => turn.conversationId === conversationId);
}
