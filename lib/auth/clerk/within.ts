import type { Clock } from "../../api/clock.ts";

/** Nothing came in time. */
export class TimeLimitError extends Error {
  constructor(ms: number) {
    super(`Nothing came within ${ms} ms.`);
    this.name = "TimeLimitError";
  }
}

/** What `work` gives, or TimeLimitError when that takes longer. The work itself goes on. */
export function within<T>(ms: number, work: Promise<T>, clock: Clock): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const cancel = clock.after(ms, () => reject(new TimeLimitError(ms)));
  work.finally(cancel).then(resolve, reject);
  return promise;
}
