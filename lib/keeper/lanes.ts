import type { Clock } from "../api/clock.ts";

/** How a piece of work ended. `retryAfterMs`: it must be done again; 0 when the server did not say when. */
export type LaneEnd = "done" | { retryAfterMs: number };

export type LanesOptions = {
  clock: Clock;
  signal: AbortSignal;
  /** The next piece of work of a lane; undefined when there is none that can be done now. It must not fail. */
  next(lane: string): (() => Promise<LaneEnd>) | undefined;
};

/** Work that is done one piece at a time in each lane, and repeated with growing pauses until it is done. */
export function createLanes({ clock, signal, next }: LanesOptions) {
  const busy = new Set<string>();
  /** `asked`: the server named the time. */
  const waits = new Map<string, { cancel: () => void; asked: boolean }>();
  const failures = new Map<string, number>();

  /** Does what the lane has to do, unless it is at it or waits. */
  function go(lane: string): void {
    if (signal.aborted || busy.has(lane) || waits.has(lane)) return;
    const work = next(lane);
    if (!work) return;
    busy.add(lane);
    void work().then((end) => {
      busy.delete(lane);
      if (end === "done") failures.delete(lane);
      else if (!signal.aborted) wait(lane, end.retryAfterMs);
      go(lane);
    });
  }

  function wait(lane: string, retryAfterMs: number): void {
    const count = failures.get(lane) ?? 0;
    failures.set(lane, count + 1);
    const cancel = clock.after(Math.max(clock.backoff(count), retryAfterMs), () => {
      waits.delete(lane);
      go(lane);
    });
    waits.set(lane, { cancel, asked: retryAfterMs > 0 });
  }

  /** Tries these lanes now, but for what the server itself asked to wait. */
  function goAll(lanes: Iterable<string>): void {
    for (const [lane, { cancel, asked }] of waits) {
      if (asked) continue;
      cancel();
      waits.delete(lane);
    }
    for (const lane of lanes) go(lane);
  }

  signal.addEventListener("abort", () => {
    for (const { cancel } of waits.values()) cancel();
    waits.clear();
  });

  return { go, goAll };
}
