import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApiClient } from "../../lib/api/client.ts";
import { followFeed } from "../../lib/api/feed.ts";
import { isTerminal } from "../../lib/protocol/events.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { sessionClaims } from "../fixtures/clerk-issuer.ts";
import { type ClerkRig, startClerkRig } from "../fixtures/clerk-server.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { type EventSource, openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, finish, text, until, words } from "../fixtures/upstream-script.ts";

const GRACE_MS = 300;
const METRICS_TOKEN = "metrics-token";

let rig: ClerkRig;
let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeEach(async () => {
  rig = await startClerkRig();
});
afterEach(async () => {
  await server.close();
  rig.keyServer.close();
});

async function start(script: Parameters<typeof startScriptedServer>[0]): Promise<void> {
  const env = { ...rig.env, METRICS_TOKEN };
  server = await startScriptedServer(script, { env, expiredTokenGraceMs: GRACE_MS });
}

/** A token of user_1 and the moment at which its streams are to end. */
async function shortToken(seconds: number) {
  const exp = Date.now() / 1_000 + seconds;
  return { token: await rig.key.sign(sessionClaims({ exp })), endsAt: exp * 1_000 + GRACE_MS };
}

async function ask(body: ReturnType<typeof turnBody>): Promise<void> {
  const token = await rig.token();
  expect((await apiCall(`${server.url}/api/turns`, { method: "POST", body, token })).status).toBe(202);
}

const CLOSE = { event: "close", data: '{"reason":"expired_token"}' };

describe("a stream whose token expires", () => {
  const half = words(5, "a");
  const rest = words(5, "b");

  it.each<[string, (token: string, body: ReturnType<typeof turnBody>) => Promise<EventSource>]>([
    ["GET /api/feed", (token) => openEventSource(`${server.url}/api/feed`, { token })],
    [
      "GET /api/turns/:turnId/events",
      (token, { turnId }) => openEventSource(`${server.url}/api/turns/${turnId}/events`, { token }),
    ],
    [
      "POST /api/chat/stream",
      (token, body) => openEventSource(`${server.url}/api/chat/stream`, { token, method: "POST", body }),
    ],
  ])("(%s) ends at its expiry and the grace, and the turn goes on", async (_, open) => {
    const second = Promise.withResolvers<void>();
    const steps = [...half.map(text), until(second.promise), ...rest.map(text), finish()];
    await start(() => ({ steps }));
    const body = turnBody();
    await ask(body);
    const path = `${server.url}/api/turns/${body.turnId}/events`;
    const early = await openEventSource(path, { token: await rig.token() });
    await early.until(({ data }) => data.includes(half.at(-1) ?? ""));
    early.close();

    const { token, endsAt } = await shortToken(0.5);
    const frames = await (await open(token, body)).rest();
    expect(Date.now()).toBeGreaterThanOrEqual(Math.floor(endsAt));
    expect(frames.at(-1)).toMatchObject(CLOSE);
    expect(frames.filter(({ event }) => event === "close")).toHaveLength(1);
    expect(frames.map(({ data }) => data).join("")).toContain(half.at(-1));

    second.resolve();
    const events = await openEventSource(path, { token: await rig.token() });
    const all = (await events.rest()).map(({ data }) => JSON.parse(data));
    expect(all.at(-1)).toMatchObject({ type: "completed" });
    expect(textOf(all)).toBe([...half, ...rest].join(""));
  });

  it("ends for a reader that does not read, who then goes on behind what it got", async () => {
    const pieces = Array.from({ length: 200 }, (_, index) => `${index} `.padEnd(100_000, "x"));
    await start(() => answer({ tokens: pieces }));
    const body = turnBody();
    await ask(body);
    const path = `${server.url}/api/turns/${body.turnId}/events`;
    const { token } = await shortToken(0.5);
    const slow = await openEventSource(path, { token });
    slow.pause();
    await expect.poll(openStreams).toBe(0);
    slow.resume();
    const first = await slow.rest();
    expect(first.pop()).toMatchObject(CLOSE);
    const seen = first.length;
    expect(first.map(({ id }) => Number(id))).toEqual(first.map((_, index) => index + 1));

    const after = await openEventSource(path, { token: await rig.token(), lastEventId: seen });
    const whole = [...first, ...(await after.rest())].map(({ data }) => JSON.parse(data));
    expect(textOf(whole)).toBe(pieces.join(""));
    expect(whole.at(-1)).toMatchObject({ type: "completed" });
  });

  it("is not let in again with the token that expired", async () => {
    await start(() => answer({ tokens: ["x"] }));
    const claims = { exp: Date.now() / 1_000 - 10 };
    const token = await rig.key.sign(sessionClaims(claims));
    const refused = await apiCall(`${server.url}/api/feed`, { token });
    expect(errorOf(refused)).toBe("unauthorized");
    expect(refused.json).toMatchObject({ error: { reason: "expired_token" } });
  });
});

describe("the client", () => {
  it("follows a long answer over many tokens without losing or doubling an event", async () => {
    const tokens = words(150);
    await start(() => answer({ tokens, everyMs: 25 }));
    let made = 0;
    const getToken = async () => {
      made += 1;
      return (await shortToken(0.6)).token;
    };
    const access = { baseUrl: server.url, getToken, fetch };
    const body = turnBody();
    await createApiClient(access).startTurn(body);

    const abort = new AbortController();
    const events: { seq: number; type: string; delta?: string }[] = [];
    const position = () => ({ turns: new Map(events.length > 0 ? [[body.turnId, events.length] as const] : []) });
    const faults: unknown[] = [];
    const end = await followFeed(
      {
        ...access,
        position,
        onTurn({ seq, event }) {
          events.push({ seq, ...event });
          if (isTerminal(event)) abort.abort();
        },
        onChange: () => undefined,
        onStatus: (status) => status.status === "reconnecting" && faults.push(status.error),
      },
      abort.signal,
    );
    expect(end).toBe("aborted");
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(textOf(events)).toBe(tokens.join(""));
    expect(made).toBeGreaterThan(3);
    for (const fault of faults) expect(String(fault)).toContain("expired_token");
  });
});

async function openStreams(): Promise<number> {
  const { text } = await apiCall(`${server.url}/metrics`, { token: METRICS_TOKEN });
  return Number(/^sidestream_streams_open (\d+)$/m.exec(text)?.[1]);
}

function textOf(events: readonly { type: string; delta?: string }[]): string {
  return events.map(({ type, delta }) => (type === "text" ? delta : "")).join("");
}
