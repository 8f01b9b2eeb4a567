import type { Clock } from "../api/clock.ts";
import type { KeeperStore } from "./keeper-store.ts";

export type AwaitTurns = {
  store: KeeperStore;
  clock: Clock;
  /** Whether the turn is history by now. */
  isSaved(turnId: string): boolean;
};

/**
 * Resolves when the feed has brought something of each of these turns, or after a moment without: a worker that comes
 * back in the middle of an answer would else show the panel an empty one for a frame or two.
 */
export function awaitTurns(turnIds: readonly string[], { store, clock, isSaved }: AwaitTurns): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const isThere = () => turnIds.every((turnId) => turnId in store.state.turns || isSaved(turnId));
  const unwatch = store.watch(() => isThere() && resolve());
  const cancel = clock.after(MOMENT_MS, resolve);
  if (isThere()) resolve();
  return promise.finally(() => {
    unwatch();
    cancel();
  });
}

const MOMENT_MS = 300;
