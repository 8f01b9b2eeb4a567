import type { Clock } from "../api/clock.ts";
import type { Cache } from "../cache/cache.ts";
import { isTerminal } from "../protocol/events.ts";
import type { AnswerPart } from "../protocol/messages.ts";
import type { KeeperStore } from "./keeper-store.ts";

export type KeepAnswersOptions = {
  store: Pick<KeeperStore, "state" | "watch">;
  cache: Pick<Cache, "keepParts">;
  clock: Clock;
  signal: AbortSignal;
  onFault(error: unknown): void;
};

/**
 * Keeps what running answers hold, every few seconds and not for each word, and at their end: their saved rows need a
 * server and a token, and a worker that dies before both are to be had must not leave less than what was seen.
 */
export function keepAnswers({ store, cache, clock, signal, onFault }: KeepAnswersOptions): void {
  const kept = new Map<string, readonly AnswerPart[]>();
  let cancel: (() => void) | undefined;

  const unwatch = store.watch((state, before, change) => {
    if (change?.type === "turn-events" && change.events.some(({ event }) => isTerminal(event))) keep();
    else if (state.turns !== before.turns) cancel ??= clock.after(EVERY_MS, keep);
  });
  signal.addEventListener("abort", () => {
    unwatch();
    cancel?.();
  });

  function keep(): void {
    cancel?.();
    cancel = undefined;
    const turns = Object.values(store.state.turns);
    for (const { turnId, state } of turns) {
      if (state.messageId === undefined || kept.get(turnId) === state.parts) continue;
      kept.set(turnId, state.parts);
      cache.keepParts(state.messageId, state.parts).catch((error: unknown) => void (signal.aborted || onFault(error)));
    }
    const running = new Set(turns.map(({ turnId }) => turnId));
    for (const turnId of kept.keys()) if (!running.has(turnId)) kept.delete(turnId);
  }
}

const EVERY_MS = 2_000;
