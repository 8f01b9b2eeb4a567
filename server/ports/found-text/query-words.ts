import { foldText } from "./fold-text.ts";

/** The words of a query, folded, each once; all of them must be in a text that is found. */
export function queryWords(query: string): string[] {
  const words = foldText(query).split(/[\s\p{Cc}]+/u);
  return [...new Set(words)].filter((word) => word !== "");
}
