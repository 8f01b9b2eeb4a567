import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../../lib/protocol/errors.ts";
import { whileUnavailable } from "./while-unavailable.ts";

const unavailable = new ApiError("unavailable", "The history cannot be reached right now.");
const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("repeats a task until it succeeds, and counts", async () => {
  const task = vi.fn(async (attempt: number) => {
    if (attempt < 5) throw unavailable;
    return `after ${attempt}`;
  });
  const result = whileUnavailable(task, signal);
  await vi.runAllTimersAsync();
  expect(await result).toBe("after 5");
});

it("fails as the task does when a minute is over", async () => {
  const began = performance.now();
  const failed = expect(whileUnavailable(() => Promise.reject(unavailable), signal)).rejects.toBe(unavailable);
  await vi.runAllTimersAsync();
  await failed;
  expect(performance.now() - began).toBe(60_000);
});

it.each([new ApiError("not_found", "Deleted."), new TypeError("undefined is not a function")])(
  "does not repeat what %o will not mend",
  async (error) => {
    const task = vi.fn(() => Promise.reject(error));
    await expect(whileUnavailable(task, signal)).rejects.toBe(error);
    expect(task).toHaveBeenCalledTimes(1);
  },
);

it("ends at once for who has no use for it any more", async () => {
  const controller = new AbortController();
  const stopped = new Error("stopped");
  const failed = expect(whileUnavailable(() => Promise.reject(unavailable), controller.signal)).rejects.toBe(stopped);
  await vi.advanceTimersByTimeAsync(1_000);
  controller.abort(stopped);
  await failed;
});
