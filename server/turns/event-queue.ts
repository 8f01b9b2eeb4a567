import type { TurnEvent } from "../../lib/protocol/events.ts";

/** Events of tasks that run at once, in the order in which they happened; read in batches of all that has gathered. */
export type EventQueue = AsyncIterable<readonly TurnEvent[]> & {
  push(event: TurnEvent): void;
  /** No more events come: the reader ends after the last one, or throws `error` when there is one. */
  end(error?: unknown): void;
};

/** An empty queue for one reader. */
export function createEventQueue(): EventQueue {
  let gathered: TurnEvent[] = [];
  let ended: { error: unknown } | undefined;
  let wake = Promise.withResolvers<void>();

  return {
    push(event) {
      gathered.push(event);
      wake.resolve();
    },
    end(error) {
      ended ??= { error };
      wake.resolve();
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        await wake.promise;
        wake = Promise.withResolvers();
        if (ended) wake.resolve();
        const batch = gathered;
        gathered = [];
        if (batch.length > 0) yield batch;
        else if (ended) {
          if (ended.error !== undefined) throw ended.error;
          return;
        }
      }
    },
  };
}
