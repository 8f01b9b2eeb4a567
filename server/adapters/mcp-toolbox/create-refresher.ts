/** Repeats a step on request: never two at once, and requests that come close together or during a run make one run more. */
export type Refresher = {
  /** Runs now. */
  run(): Promise<void>;
  /** Runs soon. */
  request(): void;
  stop(): void;
};

/** `gapMs` is the least time before a requested run: a server that asks for ever cannot keep us busy. */
export function createRefresher(
  step: () => Promise<void>,
  gapMs: number,
  onError: (error: unknown) => void,
): Refresher {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let stale = false;
  let stopped = false;

  const run = async () => {
    running = true;
    try {
      await step();
    } finally {
      running = false;
      if (stale) request();
    }
  };
  const request = () => {
    stale = running;
    if (running || stopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      run().catch(onError);
    }, gapMs);
  };
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
  };
  return { run, request, stop };
}
