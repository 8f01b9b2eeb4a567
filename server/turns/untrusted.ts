import { randomBytes } from "node:crypto";
import type { ToolContent } from "../../lib/protocol/messages.ts";

/**
 * Marks text that does not come from the person. The tag holds a nonce of the turn, so text cannot close its own block:
 * it would have to guess 96 bits. A tool may have been told the tag by the model; in a block it does not stay itself.
 */
export type Untrusted = {
  tag: string;
  block(attributes: Record<string, string>, text: string): string;
};

/** A marker with a fresh nonce; one for each turn. */
export function createUntrusted(nonce = randomBytes(12).toString("hex")): Untrusted {
  const tag = `untrusted-${nonce}`;
  return {
    tag,
    block: (attributes, text) => {
      const list = Object.entries(attributes).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
      const [head, inner] = [list.join(""), text].map((each) => each.replaceAll(tag, "untrusted-…"));
      return `<${tag}${head}>\n${inner}\n</${tag}>`;
    },
  };
}

/** A tool's result as the model sees it: text and JSON in blocks, images as they are. */
export function untrustedContent(
  untrusted: Untrusted,
  tool: string,
  { content, error }: { content: readonly ToolContent[]; error?: string | undefined },
): ToolContent[] {
  const parts = content.map((part): ToolContent => {
    if (part.type === "image") return part;
    const text = part.type === "text" ? part.text : JSON.stringify(part.json);
    return { type: "text", text: untrusted.block({ kind: "tool", tool }, text) };
  });
  if (error === undefined) return parts.length > 0 ? parts : [{ type: "text", text: "(The tool returned nothing.)" }];
  return [{ type: "text", text: `The call failed. ${untrusted.block({ kind: "tool-error", tool }, error)}` }, ...parts];
}
