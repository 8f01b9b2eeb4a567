import { ModelFailure } from "../../ports/model.ts";

/** Ends a model call that the caller gives up or that the endpoint lets hang. */
export type IdleWatch = {
  /** Aborts with the caller's reason, or with ModelFailure `upstream_stalled`. */
  signal: AbortSignal;
  /** Something came: the time begins again. */
  alive(): void;
  /** Ends the watch. */
  stop(): void;
};

/**
 * Watches one model call with one timer. Any byte counts as life, comments too: `: OPENROUTER PROCESSING` means that the
 * endpoint works on it. Time in which `isHeld` (the reader is behind, not the endpoint) does not count.
 */
export function watchIdle(idleTimeoutMs: number, caller: AbortSignal, isHeld: () => boolean): IdleWatch {
  const controller = new AbortController();
  const abort = () => controller.abort(caller.reason);
  let heardAt = performance.now();
  // To look at the clock is cheaper than to set the timer anew with every token.
  let timer = setTimeout(look, idleTimeoutMs);
  caller.addEventListener("abort", abort, { once: true });
  if (caller.aborted) abort();
  return {
    signal: controller.signal,
    alive() {
      heardAt = performance.now();
    },
    stop() {
      clearTimeout(timer);
      caller.removeEventListener("abort", abort);
    },
  };

  function look(): void {
    if (isHeld()) heardAt = performance.now();
    const left = heardAt + idleTimeoutMs - performance.now();
    if (left > 0) timer = setTimeout(look, Math.ceil(left));
    else controller.abort(stalled(idleTimeoutMs));
  }
}

function stalled(idleTimeoutMs: number): ModelFailure {
  const seconds = Math.round(idleTimeoutMs / 100) / 10;
  return new ModelFailure(
    "upstream_stalled",
    `The model endpoint sent nothing for ${seconds} s. Try again, or choose another model.`,
    { retryable: true },
  );
}
