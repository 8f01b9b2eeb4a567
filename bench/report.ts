import * as z from "zod";
import type { PanelRun } from "./panel.ts";

export const RUNS = 3;
export const SATURATED = { turns: 20, tokens: 10_000 };
export const PACED = { turns: 200, tokens: 1_000, perSecond: 50 };
export const IDLE_TURNS = 1_000;
export const REPLAY = { tokens: 5_000, readers: 100 };

const pacedSchema = z.object({
  cpuMicrosPerToken: z.number(),
  /** Milliseconds from the writing of a token to its arrival. */
  p50: z.number(),
  p99: z.number(),
  /** Answers that came whole. */
  whole: z.number(),
});
export type Paced = z.infer<typeof pacedSchema>;

const sideSchema = z.object({
  /** Tokens per CPU second. */
  saturated: z.number(),
  paced: pacedSchema,
});
export type Side = z.infer<typeof sideSchema>;

/** One run of both sides. */
export const runSchema = z.object({
  pipe: sideSchema,
  server: sideSchema.extend({
    /** Bytes for each idle turn. */
    heap: z.number(),
    replay: z.object({ ms: z.number(), whole: z.number() }),
  }),
});
export type Run = z.infer<typeof runSchema>;

type Row = { what: string; value: number; unit: string; limit: number; atLeast?: boolean; detail: string };

/** Prints each goal of a run beside what was measured; whether all are met. */
export function report(runs: readonly Run[], panel: PanelRun): boolean {
  const mid = (value: (run: Run) => number) =>
    runs.map(value).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
  const perCpu = (side: "pipe" | "server") => Math.round(mid((run) => run[side].saturated) / 1_000);
  const cpu = (side: "pipe" | "server") => mid((run) => run[side].paced.cpuMicrosPerToken).toFixed(1);
  const ms = (side: "pipe" | "server", of: "p50" | "p99") => mid((run) => run[side].paced[of]).toFixed(2);
  const rows: Row[] = [
    {
      what: "saturated: tokens per CPU second",
      value: mid((run) => run.server.saturated / run.pipe.saturated),
      unit: "of the pipe",
      limit: 0.2,
      atLeast: true,
      detail: `${perCpu("server")}k against ${perCpu("pipe")}k`,
    },
    {
      what: `${PACED.turns} turns x ${PACED.perSecond} tokens/s: CPU`,
      value: mid((run) => run.server.paced.cpuMicrosPerToken / run.pipe.paced.cpuMicrosPerToken),
      unit: "times the pipe",
      limit: 1.5,
      detail: `${cpu("server")} against ${cpu("pipe")} us per token, while all run`,
    },
    {
      what: "  held in full",
      value: mid((run) => run.server.paced.whole),
      unit: `of ${PACED.turns}`,
      limit: PACED.turns,
      atLeast: true,
      detail: "every token, every turn",
    },
    {
      what: "  latency p50 over the pipe",
      value: mid((run) => run.server.paced.p50 - run.pipe.paced.p50),
      unit: "ms",
      limit: 4,
      detail: `${ms("server", "p50")} against ${ms("pipe", "p50")}`,
    },
    {
      what: "  latency p99 over the pipe",
      value: mid((run) => run.server.paced.p99 - run.pipe.paced.p99),
      unit: "ms",
      limit: 15,
      detail: `${ms("server", "p99")} against ${ms("pipe", "p99")}`,
    },
    {
      what: "heap per idle running turn",
      value: mid((run) => run.server.heap / 1024),
      unit: "KB",
      limit: 25,
      detail: `at ${IDLE_TURNS} turns that one feed follows`,
    },
    {
      what: `replay of ${REPLAY.tokens} tokens`,
      value: mid((run) => run.server.replay.ms),
      unit: "ms",
      limit: 5,
      detail: "over HTTP, request to end",
    },
    {
      what: "  simultaneous replays",
      value: mid((run) => run.server.replay.whole),
      unit: `of ${REPLAY.readers}`,
      limit: REPLAY.readers,
      atLeast: true,
      detail: "whole",
    },
    {
      what: "panel: longest task",
      value: panel.longestTaskMs,
      unit: "ms",
      limit: 50,
      detail: `20,000 characters in 2,000 deltas, real side panel; ${panel.longestTaskCpuMs.toFixed(1)} ms of it CPU`,
    },
  ];
  let failed = 0;
  for (const { what, value, unit, limit, atLeast = false, detail } of rows) {
    const held = atLeast ? value >= limit : value <= limit;
    if (!held) failed += 1;
    const goal = `${atLeast ? ">=" : "<="} ${limit}`;
    console.log(
      `${held ? "ok  " : "MISS"} ${what.padEnd(38)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(15)} ${goal.padEnd(8)} ${detail}`,
    );
  }
  return failed === 0;
}
