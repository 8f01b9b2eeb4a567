import type { Model, ModelChunk, ModelRequest } from "../../ports/model.ts";
import { DEMO_NAME } from "./about.ts";
import { pacedWords } from "./paced-words.ts";
import { planAnswer } from "./plan-answer.ts";

export type DemoModelOptions = {
  /** Words per second; Infinity gives the whole answer at once. Default: reading speed. */
  wordsPerSecond?: number;
};

/**
 * A Model without a network, for a first look: it quotes the page, calls the tools that it is told to call, and says
 * what it is. It understands nothing, and is not to be taken for something that does.
 */
export function createDemoModel({ wordsPerSecond = 40 }: DemoModelOptions = {}): Model {
  const info = {
    id: "demo",
    name: DEMO_NAME,
    contextLength: 1_000_000,
    supports: { tools: true, images: false, reasoning: false },
  };
  return {
    list: () => Promise.resolve({ default: info.id, models: [info] }),
    stream: (request, signal) => stream(request, wordsPerSecond, signal),
    check: () => Promise.resolve(),
  };
}

async function* stream(
  request: ModelRequest,
  wordsPerSecond: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ModelChunk[]> {
  signal.throwIfAborted();
  const plan = planAnswer(request);
  for await (const delta of pacedWords(plan.text, wordsPerSecond, signal)) yield [{ type: "text", delta }];
  const calls = plan.calls.map((call): ModelChunk => ({ type: "tool-call", call }));
  yield [...calls, { type: "finish", reason: calls.length > 0 ? "tool_calls" : "stop" }];
}
