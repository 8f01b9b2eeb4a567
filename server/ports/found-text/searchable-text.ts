import type { Part } from "../../../lib/protocol/messages.ts";

/** What a message is found by: what was written in it, and the titles of its pages. */
export function searchableText(parts: readonly Part[]): string {
  return parts
    .flatMap((part) => (part.type === "text" ? [part.text] : part.type === "page" ? [part.title] : []))
    .join("\n");
}
