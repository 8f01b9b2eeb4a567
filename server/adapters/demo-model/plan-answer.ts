import type { ModelRequest, ModelToolCall } from "../../ports/model.ts";
import { aboutAnswer } from "./about.ts";
import { findCalls, findUnknownTool } from "./find-calls.ts";
import { longAnswer } from "./long-answer.ts";
import { pageAnswer } from "./page-answer.ts";
import { readPrompt } from "./read-prompt.ts";
import { resultsAnswer } from "./results-answer.ts";

/** What the demo model does: it writes, and then calls the tools that it was told to call. */
export type Plan = { text: string; calls: readonly ModelToolCall[] };

/** Decides by the first that fits: results to tell, a tool named, something long asked for, a page, nothing of these. */
export function planAnswer({ messages, tools }: ModelRequest): Plan {
  const { question, page, results } = readPrompt(messages);
  if (results.length > 0) return says(resultsAnswer(results));

  const names = tools.map(({ name }) => name);
  const calls = findCalls(question, names);
  if (calls.length > 0) return { text: "", calls };
  const unknown = findUnknownTool(question, names);
  if (unknown !== undefined) return says(noSuchTool(unknown, names));

  return says(longAnswer(question) ?? (page === undefined ? aboutAnswer(names) : pageAnswer(page, question)));
}

function says(text: string): Plan {
  return { text, calls: [] };
}

function noSuchTool(name: string, names: readonly string[]): string {
  const offered = names.length > 0 ? names.map((each) => `- \`${each}\``).join("\n") : "- none; see `MCP_CONFIG`";
  return `There is no tool named \`${name}\` that I may call. On offer:\n\n${offered}`;
}
