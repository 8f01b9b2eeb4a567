import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followNewest } from "./follow-newest.ts";
import type { LiveQueries } from "./live-queries.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("followNewest", () => {
  it("follows over one connection, opened when it is needed", async () => {
    const { live, connections } = rig();
    expect(connections).toHaveLength(0);
    const [one, other] = [follow(live, "a"), follow(live, "b")];
    connections[0]?.give("a", 1n);
    connections[0]?.give("b", 2n);
    one.end();
    connections[0]?.give("a", 3n);
    expect([one.seen, other.seen]).toEqual([[1n], [2n]]);
    expect(connections).toHaveLength(1);
    await live.close();
    expect(connections[0]?.isClosed).toBe(true);
  });

  it("closes the connection when nobody was followed for 30 s, and opens another one for the next", () => {
    const { live, connections, errors } = rig();
    follow(live, "a").end();
    vi.advanceTimersByTime(29_999);
    const one = follow(live, "a");
    vi.advanceTimersByTime(60_000);
    expect(connections.map(({ isClosed }) => isClosed)).toEqual([false]);
    one.end();
    vi.advanceTimersByTime(30_000);
    expect(connections.map(({ isClosed }) => isClosed)).toEqual([true]);
    connections[0]?.break();
    const next = follow(live, "a");
    connections[1]?.give("a", 1n);
    expect([connections.length, next.seen, errors, vi.getTimerCount()]).toEqual([2, [1n], [], 0]);
  });

  it("replaces a connection that broke, tells of it once, and takes all along that is still followed", () => {
    const { live, connections, errors } = rig();
    const [stays, ends] = [follow(live, "a"), follow(live, "b")];
    connections[0]?.break();
    connections[0]?.break();
    ends.end();
    const comes = follow(live, "c");
    expect([connections.length, connections[0]?.isClosed, errors.length]).toEqual([1, true, 1]);
    vi.advanceTimersByTime(1_000);
    for (const user of ["a", "b", "c"]) connections[1]?.give(user, 5n);
    expect([stays.seen, ends.seen, comes.seen]).toEqual([[5n], [], [5n]]);
  });

  it("waits longer each time that nothing came before the next break", () => {
    const { live, connections } = rig();
    follow(live, "a");
    const waits = [1_000, 2_000, 4_000, 4_000];
    for (const [index, wait] of waits.entries()) {
      connections[index]?.break();
      vi.advanceTimersByTime(wait - 1);
      expect(connections).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(connections).toHaveLength(index + 2);
    }
    connections[4]?.give("a", 1n);
    connections[4]?.break();
    vi.advanceTimersByTime(1_000);
    expect(connections).toHaveLength(6);
  });

  it("does nothing more after its end", async () => {
    const { live, connections, errors } = rig();
    follow(live, "a");
    connections[0]?.break();
    await live.close();
    vi.advanceTimersByTime(60_000);
    follow(live, "b");
    expect([connections.length, errors.length]).toEqual([1, 1]);
  });
});

function rig() {
  const connections: ReturnType<typeof connection>[] = [];
  const errors: unknown[] = [];
  const live = followNewest({
    open: (onBroken) => {
      const made = connection(onBroken);
      connections.push(made);
      return made.queries;
    },
    onError: (error) => errors.push(error),
    pauseMs: { first: 1_000, most: 4_000 },
  });
  return { live, connections, errors };
}

function follow(live: ReturnType<typeof followNewest>, userId: string) {
  const seen: bigint[] = [];
  return { seen, end: live.follow(userId, (commit) => seen.push(commit)) };
}

function connection(onBroken: (error: unknown) => void) {
  const followed = new Set<{ userId: unknown; onResult: (result: unknown) => void }>();
  const queries: LiveQueries = {
    follow: (_, { userId }, onResult) => {
      const each = { userId, onResult };
      followed.add(each);
      return () => followed.delete(each);
    },
    close: async () => {
      made.isClosed = true;
    },
  };
  const made = {
    queries,
    isClosed: false,
    give(userId: string, commit: bigint): void {
      for (const each of [...followed].filter((one) => one.userId === userId)) each.onResult(commit);
    },
    break: () => onBroken(new Error("broken by the test")),
  };
  return made;
}
