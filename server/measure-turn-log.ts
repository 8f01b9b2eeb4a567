import type { TerminalEvent } from "../lib/protocol/events.ts";
import type { TurnClaim, TurnLog } from "./ports/turn-log.ts";

/** What is told about turns as they pass the log. */
export type TurnLogMeter = {
  onTurnStarted(): void;
  onTurnEnded(end: TerminalEvent): void;
  onEventsAppended(count: number): void;
};

/** The same log, telling a meter what passes it; `running` counts the turns that were claimed here and have not ended. */
export function measureTurnLog(log: TurnLog, meter: TurnLogMeter): { log: TurnLog; running: () => number } {
  const running = new Map<string, Pick<TurnClaim, "turnId" | "userId" | "conversationId">>();
  const ends = new Map<string, TerminalEvent>();
  const measured: TurnLog = {
    claim: async (claim) => {
      const result = await log.claim(claim);
      if (result.status === "claimed") {
        const { turnId, userId, conversationId } = claim;
        running.set(turnId, { turnId, userId, conversationId });
        meter.onTurnStarted();
      }
      return result;
    },
    // Counted before the commit: a promise more for each token costs more than a failed commit miscounts.
    append: (turnId, events) => {
      meter.onEventsAppended(events.length);
      return log.append(turnId, events);
    },
    settle: async (turnId, end) => {
      const settled = await log.settle(turnId, end);
      ends.set(turnId, settled);
      return settled;
    },
    finish: async (turnId, options) => {
      await log.finish(turnId, options);
      const end = ends.get(turnId);
      if (end !== undefined && ends.delete(turnId)) meter.onTurnEnded(end);
      running.delete(turnId);
    },
    find: (turnId) => log.find(turnId),
    markSaved: (turnId) => log.markSaved(turnId),
    orphans: () => log.orphans(),
    unsaved: () => log.unsaved(),
    dropConversation: async (userId, conversationId) => {
      await log.dropConversation(userId, conversationId);
      // A turn whose conversation went away while it began has no end.
      for (const claim of running.values()) {
        if (claim.userId !== userId || claim.conversationId !== conversationId) continue;
        running.delete(claim.turnId);
        ends.delete(claim.turnId);
      }
    },
    attach: (turnId, after, reader) => log.attach(turnId, after, reader),
    attachUser: (userId, cursors, reader) => log.attachUser(userId, cursors, reader),
    runningIn: (userId, conversationId) => log.runningIn(userId, conversationId),
    expire: (now) => log.expire(now),
    check: () => log.check(),
    close: () => log.close(),
  };
  return { log: measured, running: () => running.size };
}
