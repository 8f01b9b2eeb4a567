/** The time that a call has: `quietMs` since its start or its last progress, and `totalMs` in all. */
export type CallClock = {
  /** Aborts when the time is over or when the caller's signal aborts. Its reason is sent to the server. */
  signal: AbortSignal;
  /** Why the time was over, for the model and the person; undefined while it is not. */
  overdue(): string | undefined;
  progressed(): void;
  stop(): void;
};

/** A clock of one call. It must be stopped, or it keeps its timers and a listener on `caller`. */
export function startCallClock(caller: AbortSignal, quietMs: number, totalMs: number): CallClock {
  const controller = new AbortController();
  let reason: string | undefined;
  const end = (text: string) => {
    reason ??= text;
    controller.abort(text);
  };
  const endQuiet = () =>
    end(`The tool gave no answer and no sign of progress for ${quietMs / 1_000} s and was stopped.`);
  const endTotal = () => end(`The tool took longer than ${totalMs / 1_000} s and was stopped.`);
  const onCallerAbort = () => controller.abort("stopped by the user");

  let quiet = setTimeout(endQuiet, quietMs);
  const total = setTimeout(endTotal, totalMs);
  caller.addEventListener("abort", onCallerAbort, { once: true });
  if (caller.aborted) onCallerAbort();

  return {
    signal: controller.signal,
    overdue: () => reason,
    progressed: () => {
      if (controller.signal.aborted) return;
      clearTimeout(quiet);
      quiet = setTimeout(endQuiet, quietMs);
    },
    stop: () => {
      clearTimeout(quiet);
      clearTimeout(total);
      caller.removeEventListener("abort", onCallerAbort);
    },
  };
}
