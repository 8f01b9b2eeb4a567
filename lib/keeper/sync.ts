import type { ApiClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { Cache } from "../cache/cache.ts";
import type { Applied } from "../cache/history.ts";
import { ApiError } from "../protocol/errors.ts";
import { LIMITS } from "../protocol/limits.ts";

export type SyncOptions = {
  api: Pick<ApiClient, "changes">;
  cache: Pick<Cache, "applyChanges" | "clearHistory">;
  clock: Clock;
  signal: AbortSignal;
  /** What `onApplied` gets back with the last page of a pull that begins now. */
  mark(): number;
  /** A page is in the cache. `upTo`: it is the last one of a pull that began at this mark. */
  onApplied(applied: Applied, upTo: number | undefined): void;
  /** Whether what was pulled leaves a question that another pull would answer. */
  isOpen(): boolean;
  /** The server does not know our cursor: its history is another one, and ours was thrown away. */
  onForgotten(): void;
  onFault(error: unknown): void;
};

export type Sync = ReturnType<typeof createSync>;

/** Pulls what is newer than the cursor into the cache, page by page. */
export function createSync(options: SyncOptions) {
  const { api, cache, clock, signal } = options;
  let cursor: string | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  /** The newest cursor that the server told of. */
  let noticed: string | undefined;
  /** Requests and pages so far. */
  let steps = 0;
  let failures = 0;
  let cancelRetry: (() => void) | undefined;
  let caughtUp = false;
  /** How often the cache was emptied. */
  let epoch = 0;

  signal.addEventListener("abort", () => cancelRetry?.());

  /** Resolves when everything that was there at the call has been pulled, or when that failed and is tried later. */
  async function pull(): Promise<void> {
    again = true;
    await run();
  }

  function run(): Promise<void> {
    running ??= pullAll().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function pullAll(): Promise<void> {
    cancelRetry?.();
    while ((again || noticed !== undefined) && !signal.aborted) {
      again = false;
      noticed = undefined;
      try {
        await pullPages();
        failures = 0;
        if (noticed === cursor) noticed = undefined;
      } catch (error) {
        if (signal.aborted) return;
        if (await forgets(error)) again = true;
        else retryLater(error);
      }
    }
  }

  async function pullPages(): Promise<void> {
    // What a new device finds is not news.
    const isFirst = cursor === undefined;
    const begun = epoch;
    const mark = options.mark();
    for (let more = true; more; ) {
      steps += 1;
      const page = await api.changes({ after: cursor, limit: LIMITS.pageSizeMax }, signal);
      steps += 1;
      const applied = await cache.applyChanges(page);
      signal.throwIfAborted();
      if (epoch !== begun) {
        // The page stands in an empty cache now: all before it has to come again.
        again = true;
        return;
      }
      cursor = page.cursor;
      more = page.more;
      options.onApplied(isFirst ? { ...applied, ended: [] } : applied, more ? undefined : mark);
    }
    caughtUp = true;
  }

  async function forgets(error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError) || error.code !== "bad_request" || cursor === undefined) return false;
    await cache.clearHistory();
    startOver();
    options.onForgotten();
    return true;
  }

  function retryLater(error: unknown): void {
    options.onFault(error);
    const retryAfter = error instanceof ApiError ? (error.retryAfter ?? 0) * 1_000 : 0;
    cancelRetry?.();
    cancelRetry = clock.after(Math.max(clock.backoff(failures), retryAfter), () => void pull());
    failures += 1;
  }

  /** Pulls once more when the pull that runs now leaves a question. */
  async function settle(): Promise<void> {
    await running;
    if (options.isOpen() && !running) await pull();
  }

  /** The server tells of its newest cursor: nothing is to be done when we have it, or will have it with a pull that runs. */
  function notice(newest: string): void {
    if (newest === cursor) return;
    noticed = newest;
    void run();
  }

  /** The cache is empty: the next pull begins at the beginning. */
  function startOver(): void {
    cursor = undefined;
    caughtUp = false;
    epoch += 1;
  }

  /** Goes on from where the cache stands. */
  function resume(from: string | undefined): void {
    cursor = from;
  }

  return {
    pull,
    notice,
    settle,
    startOver,
    resume,
    get cursor() {
      return cursor;
    },
    get isPulling() {
      return running !== undefined;
    },
    /** Grows with each request and with each page that comes. */
    get steps() {
      return steps;
    },
    /** Whether the cache has had all of the history at some moment since the start. */
    get caughtUp() {
      return caughtUp;
    },
  };
}
