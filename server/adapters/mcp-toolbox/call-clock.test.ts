import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startCallClock } from "./call-clock.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("is over after a quiet time, which progress begins anew", () => {
  const clock = startCallClock(new AbortController().signal, 1_000, 10_000);
  vi.advanceTimersByTime(999);
  clock.progressed();
  vi.advanceTimersByTime(999);
  expect(clock.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(clock.signal.aborted).toBe(true);
  expect(clock.overdue()).toContain("no sign of progress for 1 s");
});

it("is over after the whole time, whatever the progress", () => {
  const clock = startCallClock(new AbortController().signal, 1_000, 3_000);
  for (let ms = 0; ms < 3_000; ms += 500) {
    clock.progressed();
    vi.advanceTimersByTime(500);
  }
  expect(clock.overdue()).toContain("longer than 3 s");
});

it("aborts with its caller, is then not overdue, and leaves no timer once it is stopped", () => {
  const caller = new AbortController();
  const clock = startCallClock(caller.signal, 1_000, 3_000);
  caller.abort(new Error("private"));
  expect(clock.signal.reason).toBe("stopped by the user");
  expect(clock.overdue()).toBeUndefined();
  clock.progressed();
  clock.stop();
  expect(vi.getTimerCount()).toBe(0);
});
