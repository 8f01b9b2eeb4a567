import type { Page } from "playwright";
import * as z from "zod";
import { pair } from "../scripts/pair.ts";
import { serveSamplePage } from "../scripts/sample-page.ts";
import { openSidePanel } from "../scripts/side-panel.ts";
import { createBrowserProfile } from "../tests/fixtures/browser-profile.ts";
import { longAnswer } from "../tests/fixtures/long-answer.ts";
import { startScriptedServer } from "../tests/fixtures/scripted-server.ts";
import { answer } from "../tests/fixtures/upstream-script.ts";

const CHARACTERS = 20_000;
const DELTAS = 2_000;
const EVERY_MS = 4;
const RUNS = 3;

/** Milliseconds of the longest task: by the clock, and of CPU alone (what other processes do shows in the first). */
export type PanelRun = { longestTaskMs: number; longestTaskCpuMs: number };

/**
 * Streams one long answer from the server into the real side panel in real Chromium and takes the tasks of the panel's
 * main thread from Chromium's own trace: worker, Port, store and rendering as a person has them. The median run.
 */
export async function measurePanel(): Promise<PanelRun> {
  const server = await startScriptedServer(() => answer({ tokens: deltas(), everyMs: EVERY_MS }));
  const site = await serveSamplePage();
  const profile = createBrowserProfile();
  try {
    const browser = await profile.start({ url: site.url });
    await pair(browser, { serverUrl: server.url, token: server.token });
    const side = await openSidePanel(browser, site.url);
    const runs: PanelRun[] = [];
    while (runs.length < RUNS) runs.push(await traceAnswer(side.page));
    await side.disconnect();
    const median = runs.toSorted((a, b) => a.longestTaskMs - b.longestTaskMs)[Math.floor(RUNS / 2)];
    if (median === undefined) throw new Error("there was no run");
    return median;
  } finally {
    await profile.remove();
    site.close();
    await server.close();
  }
}

function deltas(): string[] {
  const text = longAnswer(CHARACTERS);
  const size = CHARACTERS / DELTAS;
  return Array.from({ length: DELTAS }, (_, index) => text.slice(index * size, (index + 1) * size));
}

/** Asks in a conversation of its own and traces from the question to the end of the answer. */
async function traceAnswer(panel: Page): Promise<PanelRun> {
  const browser = panel.context().browser();
  if (browser === null) throw new Error("the panel has no browser");
  await panel.getByLabel("New conversation").click();
  await panel.getByRole("textbox", { name: "Question" }).fill("Tell me about rivers.");
  await browser.startTracing(panel, { categories: ["toplevel", "devtools.timeline"] });
  await panel.keyboard.press("Enter");
  await panel.getByRole("button", { name: "Stop" }).waitFor();
  await panel.getByRole("button", { name: "Stop" }).waitFor({ state: "detached", timeout: 120_000 });
  return longestTask(JSON.parse((await browser.stopTracing()).toString()));
}

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds. */
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.unknown(),
    }),
  ),
});

function longestTask(trace: unknown): PanelRun {
  const { traceEvents: events } = traceSchema.parse(trace);
  const isPanel = new Set(
    events.filter(({ args }) => JSON.stringify(args)?.includes("sidepanel")).map(({ pid }) => pid),
  );
  const threads = events.filter(({ name, pid, args }) => {
    return name === "thread_name" && isPanel.has(pid) && JSON.stringify(args).includes("CrRendererMain");
  });
  const tasks = events.filter(({ name, pid, tid }) => {
    return name.endsWith("RunTask") && threads.some((thread) => thread.pid === pid && thread.tid === tid);
  });
  if (tasks.length < DELTAS / 4)
    throw new Error(`the trace has ${tasks.length} tasks of the panel: not a whole answer`);
  return {
    longestTaskMs: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1_000,
    longestTaskCpuMs: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000,
  };
}
