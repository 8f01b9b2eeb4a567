import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOpenStreams } from "./open-streams.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const stream = () => ({ ping: vi.fn(), end: vi.fn() });

it("pings all streams every 15 s with one timer", () => {
  const streams = createOpenStreams();
  const [first, second] = [stream(), stream()];
  streams.add(first);
  streams.add(second);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(15_000);
  streams.delete(second);
  vi.advanceTimersByTime(15_000);
  expect(first.ping).toHaveBeenCalledTimes(2);
  expect(second.ping).toHaveBeenCalledTimes(1);
  expect(streams.count()).toBe(1);
  streams.close();
});

it("ends what is open and what comes later when it is closed", () => {
  const streams = createOpenStreams();
  const [early, late] = [stream(), stream()];
  streams.add(early);
  streams.close();
  streams.add(late);
  expect(early.end).toHaveBeenCalledOnce();
  expect(late.end).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
