import { type ModelChunk, ModelFailure } from "../ports/model.ts";

/** UTF-16 units and parts beyond which a turn is no answer any more. */
const MOST_CHARACTERS = 32 * 1024 * 1024;
const MOST_PARTS = 10_000;

/**
 * Counts what the models of one turn write. A model that has lost itself must not take the server with it: each turn
 * is kept in memory, and each event of it costs as much as it has parts. Throws ModelFailure beyond the bounds.
 */
export function createAnswerBounds(): { take(chunks: readonly ModelChunk[]): void } {
  let characters = 0;
  let parts = 0;
  let last: ModelChunk["type"] | undefined;
  return {
    take(chunks) {
      for (const chunk of chunks) {
        if (chunk.type === "text" || chunk.type === "reasoning") characters += chunk.delta.length;
        if (chunk.type === "tool-call" || chunk.type !== last) parts += 1;
        last = chunk.type;
      }
      if (characters > MOST_CHARACTERS || parts > MOST_PARTS) throw tooMuch();
    },
  };
}

function tooMuch(): ModelFailure {
  const message =
    "The model wrote far more than an answer can hold, and was stopped. Try again, or choose another model.";
  return new ModelFailure("upstream_error", message, { retryable: true });
}
