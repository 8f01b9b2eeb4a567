import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { startedTurnSchema } from "../lib/protocol/responses.ts";
import { type Reading, read } from "./reader.ts";
import { HEADERS, type Relay, turnBody } from "./relay.ts";
import type { Paced } from "./report.ts";
import type { Upstream } from "./upstream.ts";

/** Tokens per CPU second while `turns` answers come as fast as they can. */
export async function saturate(
  relay: Relay,
  upstream: Upstream,
  { turns, tokens }: { turns: number; tokens: number },
): Promise<number> {
  upstream.setPace({ kind: "saturated", tokens });
  const before = await relay.cpuSeconds();
  await Promise.all(Array.from({ length: turns }, () => read(relay.ask())));
  return (turns * tokens) / ((await relay.cpuSeconds()) - before);
}

/**
 * Lets `turns` answers run at a pace: they begin one after the other within the first second. CPU is counted while all
 * of them run, latency over all of their tokens.
 */
export async function pace(
  relay: Relay,
  upstream: Upstream,
  { turns, tokens, perSecond }: { turns: number; tokens: number; perSecond: number },
): Promise<Paced> {
  upstream.setPace({ kind: "paced", tokens, perSecond });
  const counts: number[] = [];
  const readers = Array.from({ length: turns }, async (_, turn) => {
    await delay((turn * RAMP_MS) / turns);
    return await read(relay.ask(), { onTokens: (count) => (counts[turn] = count) });
  });
  const total = () => counts.reduce((sum, count) => sum + count, 0);
  await delay(RAMP_MS + SETTLE_MS);
  const before = { tokens: total(), cpuSeconds: await relay.cpuSeconds() };
  // The first answer is over its tokens' time after it began, which was at the beginning of the ramp.
  await delay((tokens / perSecond) * 1_000 - RAMP_MS - 2 * SETTLE_MS);
  const cpuSeconds = (await relay.cpuSeconds()) - before.cpuSeconds;
  const held = total() - before.tokens;
  const readings = await Promise.all(readers);
  const latencies = readings.flatMap((reading) => reading.latencies).sort((a, b) => a - b);
  return {
    cpuMicrosPerToken: (cpuSeconds * 1e6) / held,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    whole: readings.filter((reading) => reading.complete && reading.tokens === tokens).length,
  };
}

const RAMP_MS = 1_000;
const SETTLE_MS = 500;

/** Bytes of heap that one running turn takes while nothing comes from its model; one device follows them all by its feed. */
export async function idleHeap(server: Relay, upstream: Upstream, turns: number): Promise<number> {
  upstream.setPace({ kind: "idle" });
  const before = await server.heapBytes();
  const stop = new AbortController();
  const begun = Promise.withResolvers<void>();
  const feed = read(
    { url: `${server.url}/api/feed`, method: "GET", headers: HEADERS, body: "" },
    { onTokens: (count) => count >= turns && begun.resolve(), signal: stop.signal },
  ).catch(() => undefined);
  for (let turn = 0; turn < turns; turn += 1) await startTurn(server);
  await begun.promise;
  const after = await server.heapBytes();
  stop.abort();
  await feed;
  return (after - before) / turns;
}

async function startTurn(server: Relay, turnId = uuidv7()): Promise<string> {
  const started = await fetch(`${server.url}/api/turns`, { method: "POST", headers: HEADERS, body: turnBody(turnId) });
  return startedTurnSchema.parse(await started.json()).turnId;
}

/** Milliseconds of the replay of one whole turn, and how many of `readers` simultaneous ones got it whole. */
export async function replay(
  server: Relay,
  upstream: Upstream,
  load: { tokens: number; readers: number },
): Promise<{ ms: number; whole: number }> {
  const { tokens, readers } = load;
  upstream.setPace({ kind: "paced", tokens, perSecond: 1_000 });
  const turnId = await startTurn(server);
  const follow = () =>
    read({ url: `${server.url}/api/turns/${turnId}/events`, method: "GET", headers: HEADERS, body: "" });
  await follow();
  const alone: Reading[] = [];
  for (let run = 0; run < 15; run += 1) alone.push(await follow());
  const together = await Promise.all(Array.from({ length: readers }, follow));
  return {
    ms: quantile(
      alone.map(({ took }) => took).sort((a, b) => a - b),
      0.5,
    ),
    whole: together.filter((reading) => reading.complete && reading.tokens === tokens).length,
  };
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
