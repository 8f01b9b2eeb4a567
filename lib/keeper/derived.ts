import type { KeeperState, LiveTurn, PendingQuestion } from "../messaging/keeper-state.ts";

/** The turns whose end has not been seen. */
export function runningTurns(state: KeeperState): LiveTurn[] {
  return Object.values(state.turns).filter((turn) => turn.state.status === "streaming");
}

/** Whether a question must wait for another turn of its conversation; its own may run when the server's answer got lost. */
export function isBlocked(state: KeeperState, { conversationId, turnId }: { conversationId: string; turnId: string }) {
  return runningTurns(state).some((turn) => turn.conversationId === conversationId && turn.turnId !== turnId);
}

/** The questions that will be sent by themselves, the oldest first. */
export function unsentQuestions(state: KeeperState): PendingQuestion[] {
  return Object.values(state.pending)
    .filter((question) => question.status !== "refused")
    .toSorted((a, b) => (a.askedAt < b.askedAt ? -1 : a.askedAt > b.askedAt ? 1 : 0));
}

/** Whether the worker must stay alive: something comes or has to go. Without a token nothing can. */
export function isBusy(state: KeeperState): boolean {
  if (["unauthorized", "unpaired", "signed-out"].includes(state.connection.status)) return false;
  return runningTurns(state).length > 0 || unsentQuestions(state).length > 0 || (state.unsentEdits ?? 0) > 0;
}
