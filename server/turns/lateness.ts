import type { TurnLogger } from "./turn-logger.ts";

/** Milliseconds between two reminders. */
const REMIND_MS = 60_000;

/**
 * Counts the answers that wait to be saved, and says each minute how many there are: a store that is down for a night must
 * not be one line in the evening's log. Silent after `signal`.
 */
export function createLateness(logger: Pick<TurnLogger, "error">, signal: AbortSignal) {
  let unsaved = 0;
  let timer: NodeJS.Timeout | undefined;

  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const remind = () => logger.error({ unsaved }, "answers are still not saved; saving goes on in the background");
  signal.addEventListener("abort", stop, { once: true });

  return {
    /** One more waits, until the returned function is called. */
    begin(): () => void {
      unsaved += 1;
      if (!signal.aborted) timer ??= setInterval(remind, REMIND_MS).unref();
      return () => {
        unsaved -= 1;
        if (unsaved === 0) stop();
      };
    },
  };
}
