// One process of the bench: the load (endpoint and readers) on one core, each relay on the other. Tells its parent the
// runs when they are done.
import { type Relay, startPipe, startServer } from "./relay.ts";
import { IDLE_TURNS, PACED, REPLAY, RUNS, type Run, SATURATED, type Side } from "./report.ts";
import { idleHeap, pace, replay, saturate } from "./scenarios.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

const runs: Run[] = [];
for (let run = 1; run <= RUNS; run += 1) {
  process.stderr.write(`relays, run ${run} of ${RUNS} ...\n`);
  runs.push(await measureRun());
}
process.send?.(runs);
process.disconnect?.();

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

async function both(relay: Relay, upstream: Upstream): Promise<Side> {
  // The first turns pay for what the engine compiles.
  await saturate(relay, upstream, { turns: 20, tokens: 1_000 });
  return { saturated: await saturate(relay, upstream, SATURATED), paced: await pace(relay, upstream, PACED) };
}

async function onRelay<T>(starting: Promise<Relay>, measure: (relay: Relay) => Promise<T>): Promise<T> {
  const relay = await starting;
  try {
    return await measure(relay);
  } finally {
    await relay.stop();
  }
}
