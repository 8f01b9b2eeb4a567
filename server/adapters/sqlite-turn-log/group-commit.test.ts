import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { GroupCommit } from "./group-commit.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("commits at once when idle, and what comes within the interval as one group after it", async () => {
  const { commits, written } = start();
  commits.group.push("a");
  await commits.request();
  expect(written).toEqual([["a"]]);
  const waiting = ["b", "c"].map((item) => {
    commits.group.push(item);
    return commits.request();
  });
  vi.advanceTimersByTime(4);
  expect(written).toEqual([["a"]]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual([["a"], ["b", "c"]]);
  await Promise.all(waiting);
  vi.advanceTimersByTime(5);
  commits.group.push("d");
  await commits.request();
  expect(written).toEqual([["a"], ["b", "c"], ["d"]]);
});

it("lets the process rest once nothing is left to do", async () => {
  const { commits, rests } = start();
  rests.push(true, true, false);
  commits.group.push("a");
  await commits.request();
  vi.advanceTimersByTime(100);
  expect(rests).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it("publishes what is written, before the callers go on", async () => {
  const { commits, published } = start();
  commits.group.push("a");
  const committed = commits.request().then(() => expect(published).toEqual([["a"]]));
  await committed;
});

it("takes a group back that cannot be written, tells all its callers, and goes on", async () => {
  const { commits, published, undone, faults } = start();
  faults.push(new Error("disk full"));
  commits.group.push("a");
  await expect(commits.request()).rejects.toThrow("disk full");
  expect(undone).toEqual([["a"]]);
  commits.group.push("b");
  const next = commits.request();
  vi.advanceTimersByTime(5);
  await next;
  expect(published).toEqual([["b"]]);
});

it("commits nothing during a hold, and what was asked for in it afterwards", async () => {
  const { commits, written } = start();
  const requested = commits.hold(() => {
    commits.group.push("a");
    return { done: commits.request() };
  });
  expect(written).toEqual([]);
  vi.advanceTimersByTime(5);
  await requested.done;
  expect(written).toEqual([["a"]]);
});

it("commits in one group after the other what is asked for while publishing", async () => {
  const { commits, written, onPublish } = start();
  const nested: Promise<void>[] = [];
  onPublish.push(() => {
    commits.group.push("b");
    nested.push(commits.request());
    expect(written).toEqual([["a"]]);
  });
  commits.group.push("a");
  await commits.request();
  vi.advanceTimersByTime(5);
  await Promise.all(nested);
  expect(written).toEqual([["a"], ["b"]]);
});

it("commits what waits when it closes, and takes nothing more", async () => {
  const { commits, written } = start();
  commits.group.push("a");
  await commits.request();
  commits.group.push("b");
  const waiting = commits.request();
  await commits.close();
  await waiting;
  expect(written).toEqual([["a"], ["b"]]);
  await expect(commits.request()).rejects.toThrow("closed");
  expect(vi.getTimerCount()).toBe(0);
});

/** A group commit of words, with what happened to them. */
function start() {
  const written: string[][] = [];
  const published: string[][] = [];
  const undone: string[][] = [];
  const faults: Error[] = [];
  const rests: boolean[] = [];
  const onPublish: (() => void)[] = [];
  const commits = new GroupCommit<string[]>(
    {
      newGroup: () => [],
      write: (group) => {
        const fault = faults.shift();
        if (fault !== undefined) throw fault;
        written.push(group);
      },
      publish: (group) => {
        published.push(group);
        onPublish.shift()?.();
      },
      undo: (group) => undone.push(group),
      rest: () => rests.shift() ?? false,
    },
    5,
  );
  return { commits, written, published, undone, faults, rests, onPublish };
}
