import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { v7 } from "uuid";
import { afterEach, describe, expect, it } from "vitest";
import type { UnauthorizedReason } from "../protocol/errors.ts";
import { EXPIRED_TOKEN_FRAME } from "../protocol/sse.ts";
import { backoffMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { type FeedOptions, type FeedStatus, followFeed } from "./feed.ts";

const turnId = v7();
const conversationId = v7();
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe("the feed", () => {
  it("brings every event once and in order, wherever the connection is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat({ max: 4_000 }), { maxLength: 6 }),
        async (deltas, cuts) => {
          const frames = deltas.map((delta, index) => frame(index + 1, delta));
          const lengths = [...cuts];
          const url = await serve(({ after, response }) => {
            const bytes = Buffer.from(frames.slice(after).join(""));
            const cut = lengths.shift();
            if (cut === undefined || cut >= bytes.length) return void response.write(bytes);
            response.write(bytes.subarray(0, cut), () => response.destroy());
          });
          const seen = await follow(url, { until: ({ got }) => got.length === deltas.length });
          expect(seen.got).toEqual(deltas.map((delta, index) => [index + 1, delta]));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("drops what it has and reconnects from the last event when a gap shows", async () => {
    const asked: number[] = [];
    const url = await serve(({ after, response }) => {
      asked.push(after);
      if (asked.length === 1) response.write(frame(1, "a") + frame(1, "a") + frame(2, "b") + frame(4, "d"));
      else response.write(frame(2, "b") + frame(3, "c") + frame(4, "d"));
    });
    const seen = await follow(url, { until: ({ got }) => got.length === 4 });
    expect(seen.got.map(([, delta]) => delta).join("")).toBe("abcd");
    expect(asked).toEqual([0, 2]);
  });

  it("reconnects when nothing was heard for 45 s, and not before", async () => {
    let connections = 0;
    const url = await serve(({ response }) => {
      connections += 1;
      response.write(connections === 1 ? ": ping\n\n" : frame(1, "a"));
    });
    const clock = manualClock();
    const seen = follow(url, { clock, until: ({ got }) => got.length === 1 });
    await expect.poll(() => connections).toBe(1);
    expect(clock.waiting()).toEqual([45_000]);
    clock.run(45_000);
    await expect.poll(() => clock.waiting().some((ms) => ms < 1_000)).toBe(true);
    clock.run(...clock.waiting().filter((ms) => ms < 1_000));
    expect((await seen).got).toEqual([[1, "a"]]);
  });

  it("ends with `unauthorized` when the token is refused", async () => {
    const url = await serve(({ response }) => refuse(response, 401, "unauthorized"));
    expect((await follow(url, {})).end).toBe("unauthorized");
  });

  it("goes on with a fresh token when the server ends it for the old one, and tells nobody", async () => {
    const tokens: (string | undefined)[] = [];
    const url = await serve(({ after, token, response }) => {
      tokens.push(token);
      if (after < 3) response.end(frame(after + 1, "abc"[after] ?? "") + EXPIRED_TOKEN_FRAME);
      else response.write('event: change\ndata: {"cursor":"7"}\n\n');
    });
    let asked = 0;
    const getToken = async () => `token-${++asked}`;
    const seen = await follow(url, { clock: longSince(), getToken, until: ({ cursors }) => cursors.length === 1 });
    expect(seen.got.map(([, delta]) => delta).join("")).toBe("abc");
    expect(tokens).toEqual(["token-1", "token-2", "token-3", "token-4"].map((token) => `Bearer ${token}`));
    expect(seen.statuses).toEqual([{ status: "online" }]);
  });

  it("waits before it comes back to a server that ends every connection at once", async () => {
    const url = await serve(({ after, response }) => {
      if (after === 0) response.end(frame(1, "a") + EXPIRED_TOKEN_FRAME);
      else response.write(frame(2, "b"));
    });
    const seen = await follow(url, { until: ({ got }) => got.length === 2 });
    expect(seen.statuses.map(({ status }) => status)).toEqual(["online", "reconnecting", "online"]);
  });

  it("asks once more for a token when the one that it had expired on its way", async () => {
    const url = await serve(({ token, response }) => {
      if (token !== "Bearer fresh") refuse(response, 401, "unauthorized", {}, "expired_token");
      else response.write(frame(1, "a"));
    });
    const tokens = ["old", "fresh"];
    const getToken = async () => tokens.shift() ?? "none";
    const seen = await follow(url, { getToken, until: ({ got }) => got.length === 1 });
    expect(seen.statuses).toEqual([{ status: "online" }]);

    const asked: string[] = [];
    const stale = async () => {
      asked.push("stale");
      return "stale";
    };
    expect((await follow(url, { getToken: stale })).end).toBe("unauthorized");
    expect(asked).toHaveLength(2);
  });

  it("waits for a token that cannot be had as for a server that cannot be reached", async () => {
    const url = await serve(({ response }) => void response.write(frame(1, "a")));
    const unreachable = new Error("The sign-in service cannot be reached.");
    let fails = 2;
    const getToken = () => (fails-- > 0 ? Promise.reject(unreachable) : Promise.resolve("token"));
    const seen = await follow(url, { getToken, until: ({ got }) => got.length === 1 });
    expect(seen.statuses).toEqual([
      { status: "reconnecting", retryAt: 250, error: unreachable },
      { status: "reconnecting", retryAt: 500, error: unreachable },
      { status: "online" },
    ]);
  });

  it("waits as long as the server asks", async () => {
    let connections = 0;
    const url = await serve(({ response }) => {
      connections += 1;
      if (connections === 1) refuse(response, 503, "unavailable", { "retry-after": "7" });
      else response.write(frame(1, "a"));
    });
    const seen = await follow(url, { until: ({ got }) => got.length === 1 });
    const [first] = seen.statuses.filter((status) => status.status === "reconnecting");
    expect(first?.retryAt).toBe(7_000);
  });

  it("tells of a server that is not there and comes back when it is", async () => {
    const url = await serve(({ response }) => void response.write('event: change\ndata: {"cursor":"7"}\n\n'));
    let failed = false;
    const fetchOnce: typeof fetch = (input, init) => {
      if (failed) return fetch(input, init);
      failed = true;
      return Promise.reject(new TypeError("fetch failed"));
    };
    const seen = await follow(url, { fetch: fetchOnce, until: ({ cursors }) => cursors.length === 1 });
    expect(seen.statuses.map(({ status }) => status)).toEqual(["reconnecting", "online"]);
    expect(seen.cursors).toEqual(["7"]);
  });
});

type Seen = { got: [number, string][]; cursors: string[]; statuses: FeedStatus[]; end: string };

async function follow(
  baseUrl: string,
  { until = () => false, ...options }: Partial<FeedOptions> & { until?: (seen: Seen) => boolean },
): Promise<Seen> {
  const abort = new AbortController();
  const seen: Seen = { got: [], cursors: [], statuses: [], end: "" };
  const check = () => until(seen) && abort.abort();
  seen.end = await followFeed(
    {
      baseUrl,
      getToken: async () => "token",
      fetch,
      clock: quickClock,
      position: () => ({ turns: seen.got.length > 0 ? new Map([[turnId, seen.got.length]]) : new Map() }),
      onTurn({ seq, event }) {
        seen.got.push([seq, event.type === "text" ? event.delta : ""]);
        check();
      },
      onChange(cursor) {
        seen.cursors.push(cursor);
        check();
      },
      onStatus: (status) => void seen.statuses.push(status),
      ...options,
    },
    abort.signal,
  );
  return seen;
}

type Asked = { after: number; token: string | undefined; response: ServerResponse };

async function serve(answer: (request: Asked) => void): Promise<string> {
  const server = createServer((request, response) => {
    const turns = new URL(request.url ?? "", "http://localhost").searchParams.get("turns");
    response.setHeader("content-type", "text/event-stream");
    response.on("error", () => undefined);
    answer({ after: Number(turns?.split(":")[1] ?? 0), token: request.headers.authorization, response });
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${portOf(server.address())}`;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

function frame(seq: number, delta: string): string {
  const event = { type: "text", delta };
  return `event: turn\ndata: ${JSON.stringify({ turnId, conversationId, seq, event })}\n\n`;
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
  reason?: UnauthorizedReason,
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { code, message: "No.", requestId: "1", reason } }));
}

/** Short waits pass at once; the watch for silence never strikes. */
const quickClock: Clock = {
  now: () => 0,
  backoff: (failures) => backoffMs(failures, 0),
  after(ms, callback) {
    if (ms === 45_000) return () => undefined;
    const timer = setTimeout(callback, 0);
    return () => clearTimeout(timer);
  },
};

/** As `quickClock`, with a minute between any two looks at the time. */
function longSince(): Clock {
  let now = 0;
  return { ...quickClock, now: () => (now += 60_000) };
}

/** Nothing passes until the test says so. */
function manualClock(): Clock & { waiting(): number[]; run(...durations: number[]): void } {
  const timers = new Map<() => void, number>();
  return {
    now: () => 0,
    backoff: (failures) => backoffMs(failures, 0),
    after(ms, callback) {
      const own = () => callback();
      timers.set(own, ms);
      return () => timers.delete(own);
    },
    waiting: () => [...timers.values()],
    run(...durations) {
      for (const [callback, ms] of [...timers]) {
        if (durations.includes(ms) && timers.delete(callback)) callback();
      }
    },
  };
}
