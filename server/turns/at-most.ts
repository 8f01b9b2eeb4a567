/** Runs tasks, not too many at a time. */
export type AtMost = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** Runs `most` tasks at a time; what comes beyond waits, in the order in which it came. */
export function createAtMost(most: number): AtMost {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running < most) running += 1;
    // Whoever ends hands its place over.
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
