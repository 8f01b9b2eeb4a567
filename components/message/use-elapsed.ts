import { useEffect, useState } from "react";

/** Whole seconds that something has been going on since this panel first saw it; stays when it ends, 0 if never seen running. */
export function useElapsed(running: boolean): number {
  const [seconds, setSeconds] = useState(0);

  useEffect(() => {
    if (!running) return;
    const start = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - start) / 1_000)), 1_000);
    return () => clearInterval(timer);
  }, [running]);

  return seconds;
}

/** `8 s`, `2 min 5 s`. */
export function durationWords(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
