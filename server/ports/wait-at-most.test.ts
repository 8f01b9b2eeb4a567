import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { waitAtMost } from "./wait-at-most.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("ends with the work, and leaves no timer behind", async () => {
  await waitAtMost(1_000, Promise.resolve());
  await expect(waitAtMost(1_000, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});

it("ends without the work when that takes longer, and a failure after it is nobody's", async () => {
  const work = Promise.withResolvers<void>();
  const waited = waitAtMost(1_000, work.promise);
  await vi.advanceTimersByTimeAsync(1_000);
  await waited;
  work.reject(new Error("too late"));
  await vi.advanceTimersByTimeAsync(0);
});
