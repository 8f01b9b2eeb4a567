import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOpenStreams } from "./open-streams.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Once a day. */
const RARELY = 86_400_000;

const stream = () => ({ ping: vi.fn(), end: vi.fn(), expire: vi.fn() });

it("pings all streams every 15 s with one timer", () => {
  const streams = createOpenStreams();
  const [first, second] = [stream(), stream()];
  streams.add(first, undefined);
  streams.add(second, undefined);
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
  streams.add(early, Date.now());
  streams.close();
  streams.add(late, Date.now());
  expect(early.end).toHaveBeenCalledOnce();
  expect(late.end).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it("ends each stream a minute after its token has expired, thousands of them with one timer", () => {
  const streams = createOpenStreams({ pingMs: RARELY });
  const start = Date.now();
  const lives = Array.from({ length: 2_000 }, (_, index) => 1_000 + index);
  const opened = lives.map((life) => {
    const one = stream();
    streams.add(one, start + life);
    return one;
  });
  const forever = stream();
  streams.add(forever, undefined);
  expect(vi.getTimerCount()).toBe(2);
  const expired = () => opened.filter(({ expire }) => expire.mock.calls.length > 0).length;

  vi.advanceTimersByTime(60_999);
  expect(expired()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(expired()).toBeGreaterThan(700);
  vi.advanceTimersByTime(1_500);
  expect(expired()).toBe(2_000);
  expect(opened.every(({ expire }) => expire.mock.calls.length === 1)).toBe(true);
  vi.advanceTimersByTime(3 * RARELY);
  expect(forever.expire).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(1);
  streams.close();
});

it("leaves a stream alone that has ended, and ends the next one in time", () => {
  const streams = createOpenStreams({ pingMs: RARELY, expiredTokenGraceMs: 0 });
  const [first, second] = [stream(), stream()];
  streams.add(second, Date.now() + 40 * RARELY);
  streams.add(first, Date.now() + 1_000);
  streams.delete(first);
  vi.advanceTimersByTime(40 * RARELY - 1);
  expect(second.expire).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(second.expire).toHaveBeenCalledOnce();
  expect(first.expire).not.toHaveBeenCalled();
  streams.close();
});
