import { expect, it } from "vitest";
import { type Clock, systemClock } from "../../api/clock.ts";
import { TimeLimitError, within } from "./within.ts";

it("gives what comes in time, and waits no longer than it should", async () => {
  const timers = new Map<() => void, number>();
  const clock: Clock = {
    ...systemClock,
    after(ms, callback) {
      timers.set(callback, ms);
      return () => void timers.delete(callback);
    },
  };
  expect(await within(3_000, Promise.resolve("here"), clock)).toBe("here");
  await expect(within(3_000, Promise.reject(new Error("no")), clock)).rejects.toThrow("no");
  expect(timers.size).toBe(0);

  const late = within(3_000, new Promise(() => undefined), clock);
  expect([...timers.values()]).toEqual([3_000]);
  for (const fire of timers.keys()) fire();
  await expect(late).rejects.toBeInstanceOf(TimeLimitError);
});
