import type { ToolPart } from "../../lib/protocol/messages.ts";
import { oneLine } from "./hostile-text.ts";

/** What a call is doing or how it ended, in a few words for its one line. */
export function activityOf(part: ToolPart): string {
  switch (part.state) {
    case "running":
      return progressWords(part) ?? subjectOf(part.args);
    case "waiting":
      return "needs your answer";
    case "denied":
      return "not allowed";
    case "failed":
      return oneLine(part.error ?? "failed");
    case "done":
      return subjectOf(part.args);
  }
}

/** The share of the work that is done, 0 to 1, when the tool says how much there is. */
export function shareDone({ progress }: ToolPart): number | undefined {
  if (progress?.total === undefined || !(progress.total > 0)) return undefined;
  return Math.min(Math.max(progress.progress / progress.total, 0), 1);
}

/** Pretty-printed JSON; a value that JSON cannot say is shown as JavaScript names it. */
export function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? String(value);
}

function progressWords(part: ToolPart): string | undefined {
  const share = shareDone(part);
  const message = part.progress?.message === undefined ? "" : oneLine(part.progress.message);
  const words = [message, share === undefined ? "" : `${Math.round(share * 100)} %`].filter((word) => word !== "");
  return words.length === 0 ? undefined : words.join(", ");
}

/** The first short text among the arguments: mostly what the call is about (a query, a path, an address). */
function subjectOf(args: unknown): string {
  if (typeof args !== "object" || args === null) return "";
  const text = Object.values(args).find((value) => typeof value === "string" && value.trim() !== "");
  return typeof text === "string" ? oneLine(text, 80) : "";
}
