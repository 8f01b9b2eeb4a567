// npm run bench: this server against a raw byte pipe in the same run; medians of three; each relay on one core, the load
// (endpoint and readers: this process) on the other.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { measurePanel } from "./panel-rendering.ts";
import { hasTaskset, type Relay, startPipe, startServer } from "./relay.ts";
import { IDLE_TURNS, PACED, REPLAY, type Run, report, SATURATED } from "./report.ts";
import { idleHeap, replay, type Streamed, stream } from "./scenarios.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

const RUNS = 3;

if (hasTaskset() && process.env.BENCH_PINNED === undefined) {
  const again = ["-c", "1", process.execPath, fileURLToPath(import.meta.url)];
  const { status } = spawnSync("taskset", again, { stdio: "inherit", env: { ...process.env, BENCH_PINNED: "1" } });
  process.exit(status ?? 1);
}

const runs: Run[] = [];
for (let run = 1; run <= RUNS; run += 1) {
  process.stderr.write(`run ${run} of ${RUNS} ...\n`);
  runs.push(await measureRun());
}
const panel = await measurePanel();
process.exitCode = report(runs, panel) ? 0 : 1;

async function measureRun(): Promise<Run> {
  const upstream = await startUpstream();
  try {
    const pipe = await onRelay(startPipe(upstream.url), (relay) => both(relay, upstream));
    const server = await onRelay(startServer(upstream.url), async (relay) => ({
      ...(await both(relay, upstream)),
      heap: await idleHeap(relay, upstream, IDLE_TURNS),
      replay: await replay(relay, upstream, REPLAY),
    }));
    return { pipe, server };
  } finally {
    upstream.close();
  }
}

async function both(relay: Relay, upstream: Upstream): Promise<{ saturated: Streamed; paced: Streamed }> {
  // The first turns pay for what the engine compiles.
  await stream(relay, upstream, { turns: 20, tokens: 1_000 });
  return { saturated: await stream(relay, upstream, SATURATED), paced: await stream(relay, upstream, PACED) };
}

async function onRelay<T>(starting: Promise<Relay>, measure: (relay: Relay) => Promise<T>): Promise<T> {
  const relay = await starting;
  try {
    return await measure(relay);
  } finally {
    await relay.stop();
  }
}
