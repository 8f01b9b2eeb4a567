import { v7 as uuidv7 } from "uuid";
import { startedTurnSchema } from "../lib/protocol/responses.ts";
import { type Reading, read } from "./reader.ts";
import { HEADERS, type Relay, turnBody } from "./relay.ts";
import type { Streamed } from "./report.ts";
import type { Upstream } from "./upstream.ts";

/** Lets `turns` answers run at once through a relay. */
export async function stream(
  relay: Relay,
  upstream: Upstream,
  load: { turns: number; tokens: number; perSecond?: number },
): Promise<Streamed> {
  const { turns, tokens, perSecond } = load;
  upstream.setPace(perSecond ? { kind: "paced", tokens, perSecond } : { kind: "saturated", tokens });
  const before = await relay.probe();
  const readings = await Promise.all(Array.from({ length: turns }, () => read(relay.ask())));
  const { cpuSeconds } = await relay.probe();
  const spent = cpuSeconds - before.cpuSeconds;
  const latencies = readings.flatMap((reading) => reading.latencies).sort((a, b) => a - b);
  const held = readings.filter((reading) => reading.complete && reading.tokens === tokens).length;
  return {
    tokensPerCpuSecond: (turns * tokens) / spent,
    cpuSeconds: spent,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    held,
  };
}

/** Bytes of heap that one running turn takes while nothing comes from its model; one device follows them all by its feed. */
export async function idleHeap(server: Relay, upstream: Upstream, turns: number): Promise<number> {
  upstream.setPace({ kind: "idle" });
  const before = await server.probe();
  const stop = new AbortController();
  const begun = Promise.withResolvers<void>();
  const feed = read(
    { url: `${server.url}/api/feed`, method: "GET", headers: HEADERS, body: "" },
    { onTokens: (count) => count >= turns && begun.resolve(), signal: stop.signal },
  ).catch(() => undefined);
  for (let turn = 0; turn < turns; turn += 1) await startTurn(server);
  await begun.promise;
  const { heapBytes } = await server.probe();
  stop.abort();
  await feed;
  return (heapBytes - before.heapBytes) / turns;
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
