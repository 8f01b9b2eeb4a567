import { longAnswer } from "../tests/fixtures/long-answer.ts";
import { openMarkdownPage } from "../tests/fixtures/markdown-page.ts";

const CHARACTERS = 20_000;
const UPDATES = 2_000;
const RUNS = 3;

/**
 * Streams one long answer into the panel's markdown in real Chromium, one update per task, and times each task. The run
 * with the median longest task counts: what else the machine does shows in single tasks.
 */
export async function measurePanel(): Promise<Run> {
  const markdown = await openMarkdownPage();
  try {
    await markdown.show("```typescript\nlet warm = 1;\n```");
    await markdown.page.locator(".hljs-keyword").waitFor();
    const runs: Run[] = [];
    while (runs.length < RUNS) {
      await markdown.show("");
      runs.push(await markdown.page.evaluate(stream, { text: longAnswer(CHARACTERS), updates: UPDATES }));
    }
    const median = runs.sort((a, b) => a.longestTaskMs - b.longestTaskMs)[Math.floor(RUNS / 2)];
    if (median === undefined) throw new Error("There was no run.");
    return median;
  } finally {
    await markdown.close();
  }
}

type Run = { longestTaskMs: number; totalMs: number };

/** Runs in the page. Layout is forced inside each task, so that it is counted with the update that caused it. */
async function stream({ text, updates }: { text: string; updates: number }): Promise<Run> {
  let longestTaskMs = 0;
  let totalMs = 0;
  for (let update = 1; update <= updates; update += 1) {
    const start = performance.now();
    const detail = { text: text.slice(0, Math.ceil((text.length * update) / updates)), live: update < updates };
    dispatchEvent(new CustomEvent("markdown", { detail }));
    document.body.getBoundingClientRect();
    const took = performance.now() - start;
    longestTaskMs = Math.max(longestTaskMs, took);
    totalMs += took;
    await new Promise((next) => setTimeout(next, 0));
  }
  return { longestTaskMs, totalMs };
}

if (import.meta.main) {
  const { longestTaskMs, totalMs } = await measurePanel();
  console.log(
    `panel rendering: ${CHARACTERS} characters in ${UPDATES} updates, median of ${RUNS}: ` +
      `longest task ${longestTaskMs.toFixed(1)} ms, script and layout ${totalMs.toFixed(0)} ms in all`,
  );
}
