import { DEMO_NAME } from "./about.ts";
import type { ToolResult } from "./read-prompt.ts";

/** UTF-16 units of one result that are shown. */
const SHOWN = 4_000;

/** Tells the results of the calls that were made. */
export function resultsAnswer(results: readonly ToolResult[]): string {
  return [...results.map(section), `*Reported by the ${DEMO_NAME}; the call above opens to show everything.*`].join(
    "\n\n",
  );
}

function section({ name, text, images }: ToolResult): string {
  const seen = images === 0 ? [] : [images === 1 ? "It also returned an image." : `It also returned ${images} images.`];
  const shown = text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}\n… (${text.length - SHOWN} more characters)`;
  return [`### \`${name}\` answered`, ...(shown === "" ? [] : [fenced(shown)]), ...seen].join("\n\n");
}

/** In a fence that is longer than any inside the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${/^[{[]/.test(text) ? "json" : ""}\n${text}\n${fence}`;
}
