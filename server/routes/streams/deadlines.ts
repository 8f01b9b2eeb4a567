/** Moments at which something is to happen to things, thousands at a time. */
export type Deadlines<T> = {
  /** `at` in milliseconds since 1970. */
  set(thing: T, at: number): void;
  delete(thing: T): void;
  close(): void;
};

/**
 * Calls back for each thing whose moment has come, and forgets it. There is one timer, for the next moment: it is set
 * at most four times a second, so that many moments close to each other cost one look at all things and not one each.
 */
export function createDeadlines<T>(onDeadline: (thing: T) => void): Deadlines<T> {
  const moments = new Map<T, number>();
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Number.POSITIVE_INFINITY;

  return {
    set(thing, at) {
      moments.set(thing, at);
      if (at < wakesAt) wakeAt(at, 0);
    },
    delete: (thing) => void moments.delete(thing),
    close: () => {
      moments.clear();
      clearTimeout(timer);
    },
  };

  function wakeAt(at: number, leastMs: number): void {
    clearTimeout(timer);
    wakesAt = at;
    // Timers take 31 bits; one that is too early finds nothing and is set again.
    const ms = Math.min(Math.max(at - Date.now(), leastMs), MOST_MS);
    timer = setTimeout(onTimer, ms).unref();
  }

  function onTimer(): void {
    const now = Date.now();
    const due = [...moments].filter(([, at]) => at <= now);
    for (const [thing] of due) {
      moments.delete(thing);
      onDeadline(thing);
    }
    wakesAt = Number.POSITIVE_INFINITY;
    let next = wakesAt;
    for (const at of moments.values()) next = Math.min(next, at);
    if (next < wakesAt) wakeAt(next, LEAST_MS);
  }
}

const LEAST_MS = 250;
const MOST_MS = 86_400_000;
