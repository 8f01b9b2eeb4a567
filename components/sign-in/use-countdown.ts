import { useEffect, useState } from "react";

/** Seconds that are left of a wait that begins at once, and again with `restart`. */
export function useCountdown(whole: number): { seconds: number; restart: () => void } {
  const [until, setUntil] = useState(() => Date.now() + whole * 1_000);
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));

  useEffect(() => {
    if (seconds === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [seconds]);

  const restart = () => {
    setNow(Date.now());
    setUntil(Date.now() + whole * 1_000);
  };
  return { seconds, restart };
}
