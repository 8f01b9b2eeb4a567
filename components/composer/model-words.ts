import type { ModelInfo } from "../../lib/protocol/responses.ts";

/** What a person compares models by, in one quiet line: how much it reads at once, and what a million tokens (M) cost. */
export function modelDetail({ contextLength, pricing }: Pick<ModelInfo, "contextLength" | "pricing">): string {
  const context = `${tokenWords(contextLength)} context`;
  if (!pricing) return context;
  if (pricing.input === 0 && pricing.output === 0) return `${context} · free`;
  return `${context} · ${perMillion(pricing.input)} in, ${perMillion(pricing.output)} out per M`;
}

function tokenWords(tokens: number): string {
  if (tokens >= 1_000_000) return `${Number((tokens / 1_000_000).toFixed(1))}M`;
  return tokens >= 1_000 ? `${Math.round(tokens / 1_000)}k` : String(tokens);
}

function perMillion(perToken: number): string {
  const dollars = perToken * 1_000_000;
  if (dollars >= 10 || Number.isInteger(dollars)) return `$${Math.round(dollars)}`;
  return `$${dollars < 0.01 ? dollars.toPrecision(1) : dollars.toFixed(2)}`;
}
