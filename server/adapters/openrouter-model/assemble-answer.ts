import type { ModelChunk } from "../../ports/model.ts";
import { createCallAssembly } from "./assemble-calls.ts";
import { createReasoningAssembly } from "./assemble-reasoning.ts";
import type { Chunk, Delta, UpstreamUsage } from "./chunk-schema.ts";

/** Puts one answer together from its chunks. */
export type AnswerAssembly = {
  /** Takes a chunk and adds to `batch` what can be shown at once. */
  take(chunk: Chunk, batch: ModelChunk[]): void;
  /** Whether the model has said that, and why, it ended. */
  isFinished(): boolean;
  /** What comes last: calls, what is to be handed back, usage and `finish`. */
  end(): ModelChunk[];
};

export function createAnswerAssembly(): AnswerAssembly {
  const calls = createCallAssembly();
  const reasoning = createReasoningAssembly();
  let usage: UpstreamUsage | undefined;
  let finishReason: string | undefined;

  return {
    take(chunk, batch) {
      // Some endpoints repeat the usage in every chunk: the last one counts.
      usage = chunk.usage ?? usage;
      const choice = chunk.choices?.[0];
      if (choice === undefined) return;
      if (choice.delta) takeDelta(choice.delta, batch);
      finishReason = choice.finish_reason ?? finishReason;
    },
    isFinished: () => finishReason !== undefined,
    end() {
      return [
        ...calls.end(),
        ...reasoning.end(),
        ...usageChunks(usage),
        { type: "finish", reason: finishReason ?? "stop" },
      ];
    },
  };

  function takeDelta(delta: Delta, batch: ModelChunk[]): void {
    const thought = reasoning.take(delta);
    if (thought !== "") batch.push({ type: "reasoning", delta: thought });
    if (delta.content) batch.push({ type: "text", delta: delta.content });
    if (delta.refusal) batch.push({ type: "text", delta: delta.refusal });
    if (delta.tool_calls) for (const fragment of delta.tool_calls) calls.take(fragment);
  }
}

function usageChunks({ prompt_tokens, completion_tokens, cost }: UpstreamUsage = {}): ModelChunk[] {
  if (typeof prompt_tokens !== "number" && typeof completion_tokens !== "number") return [];
  const usage = { inputTokens: prompt_tokens ?? 0, outputTokens: completion_tokens ?? 0 };
  return [{ type: "usage", usage: typeof cost === "number" ? { ...usage, cost } : usage }];
}
