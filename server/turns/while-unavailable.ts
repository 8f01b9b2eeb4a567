import pRetry from "p-retry";
import { ApiError } from "../../lib/protocol/errors.ts";

/** How long a turn waits for a history that cannot be reached. */
const PATIENCE_MS = 60_000;

/**
 * Repeats a task that fails because something cannot be reached, until it succeeds or a minute is over; then, and for any
 * other failure, fails as the task did last. `attempt` counts from 1.
 */
export function whileUnavailable<Result>(
  task: (attempt: number) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  return pRetry(task, {
    ...{ retries: Infinity, minTimeout: 200, maxTimeout: 5_000, maxRetryTime: PATIENCE_MS, signal },
    shouldRetry: ({ error }) => error instanceof ApiError && error.code === "unavailable",
  });
}
