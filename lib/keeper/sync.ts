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
  /** Whether the person sees this conversation, so that an answer that ends in it is read. */
  isSeen(conversationId: string): boolean;
  /** A page is in the cache. */
  onApplied(applied: Applied): void;
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
  let failures = 0;
  let caughtUp = false;
  /** How often the cache was emptied. */
  let epoch = 0;

  /** Resolves when everything that was there at the call has been pulled, or when that failed and is tried later. */
  async function pull(): Promise<void> {
    again = true;
    running ??= pullAll().finally(() => {
      running = undefined;
    });
    await running;
  }

  async function pullAll(): Promise<void> {
    while (again && !signal.aborted) {
      again = false;
      try {
        await pullPages();
        failures = 0;
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
    for (let more = true; more; ) {
      const page = await api.changes({ after: cursor, limit: LIMITS.pageSizeMax }, signal);
      const isUnread = (conversationId: string) => !isFirst && !options.isSeen(conversationId);
      const applied = await cache.applyChanges(page, isUnread);
      signal.throwIfAborted();
      if (epoch !== begun) {
        // The page stands in an empty cache now: all before it has to come again.
        again = true;
        return;
      }
      cursor = page.cursor;
      more = page.more;
      options.onApplied(isFirst ? { ...applied, ended: [] } : applied);
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
    const cancel = clock.after(Math.max(clock.backoff(failures), retryAfter), () => void pull());
    signal.addEventListener("abort", cancel, { once: true });
    failures += 1;
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
    startOver,
    resume,
    get cursor() {
      return cursor;
    },
    /** Whether the cache has had all of the history at some moment since the start. */
    get caughtUp() {
      return caughtUp;
    },
  };
}
