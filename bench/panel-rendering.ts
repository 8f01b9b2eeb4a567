import { longAnswer } from "../tests/fixtures/long-answer.ts";
import { openMarkdownPage } from "../tests/fixtures/markdown-page.ts";

const CHARACTERS = 20_000;
const UPDATES = 2_000;
const LIMIT_MS = 50;

const result = await renderingBench();
console.log(
  `panel rendering: ${CHARACTERS} characters in ${UPDATES} updates: longest task ${result.longestMs.toFixed(1)} ms ` +
    `(limit ${LIMIT_MS}), script and layout ${result.totalMs.toFixed(0)} ms, long tasks seen by the browser: ${result.longTasks}`,
);
process.exitCode = result.longestMs <= LIMIT_MS ? 0 : 1;

/** Streams one long answer into the panel's markdown in real Chromium, one update per task, and times each task. */
async function renderingBench(): Promise<{ longestMs: number; totalMs: number; longTasks: number }> {
  const markdown = await openMarkdownPage();
  try {
    await markdown.show("```typescript\nlet warm = 1;\n```");
    await markdown.page.locator(".hljs-keyword").waitFor();
    await markdown.show("");
    return await markdown.page.evaluate(stream, { text: longAnswer(CHARACTERS), updates: UPDATES });
  } finally {
    await markdown.close();
  }
}

/** Runs in the page. Layout is forced inside each task, so that it is counted with the update that caused it. */
async function stream({ text, updates }: { text: string; updates: number }) {
  let longTasks = 0;
  const observer = new PerformanceObserver((list) => {
    longTasks += list.getEntries().length;
  });
  observer.observe({ type: "longtask" });
  let longestMs = 0;
  let totalMs = 0;
  for (let update = 1; update <= updates; update += 1) {
    const start = performance.now();
    const detail = { text: text.slice(0, Math.ceil((text.length * update) / updates)), live: update < updates };
    dispatchEvent(new CustomEvent("markdown", { detail }));
    document.body.getBoundingClientRect();
    const took = performance.now() - start;
    longestMs = Math.max(longestMs, took);
    totalMs += took;
    await new Promise((next) => setTimeout(next, 0));
  }
  observer.disconnect();
  return { longestMs, totalMs, longTasks };
}
