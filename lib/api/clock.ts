import { backoffMs } from "./backoff.ts";

/** Time and chance as parameters, so that tests decide both. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds to wait after that many failures in a row. */
  backoff(failures: number): number;
  /** Calls back once after `ms` milliseconds. Returns what prevents it. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  backoff: (failures) => backoffMs(failures, Math.random()),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
