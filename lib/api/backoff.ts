/**
 * Milliseconds to wait after that many failures in a row: doubling from half a second to half a minute, and anything
 * between half and the whole of it, so that many clients do not come back in the same moment. `random` is in 0..1.
 */
export function backoffMs(failures: number, random: number): number {
  const whole = Math.min(500 * 2 ** Math.min(failures, 10), 30_000);
  return Math.round(whole * (0.5 + random / 2));
}
