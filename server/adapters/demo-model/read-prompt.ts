import type { ModelMessage } from "../../ports/model.ts";

/** What the demo model sees of a prompt. */
export type PromptView = {
  /** The person's last words. */
  question: string;
  /** The page of the last question, else the newest one before it. */
  page: PageView | undefined;
  /** Results of calls made since the last question, oldest first. */
  results: readonly ToolResult[];
};
export type PageView = { title: string; text: string };
export type ToolResult = { name: string; text: string; images: number };

/** Finds question, page and tool results in a prompt of server/turns/prompt.ts. */
export function readPrompt(messages: readonly ModelMessage[]): PromptView {
  const asked = messages.findLastIndex(({ role }) => role === "user");
  const question = textOf(messages[asked]);
  const pages = messages.slice(0, asked + 1).flatMap((message) => blocksOf(textOf(message), "page"));
  const page = pages.at(-1);
  return {
    question: withoutBlocks(question),
    page: page && { title: page.attributes.title ?? "This page", text: page.text },
    results: resultsOf(messages.slice(asked + 1)),
  };
}

function textOf(message: ModelMessage | undefined): string {
  if (message?.role !== "user") return "";
  return message.content.map((input) => (input.type === "text" ? input.text : "")).join("\n\n");
}

function resultsOf(messages: readonly ModelMessage[]): ToolResult[] {
  const names = new Map<string, string>();
  return messages.flatMap((message) => {
    if (message.role === "assistant") for (const { callId, name } of message.calls) names.set(callId, name);
    if (message.role !== "tool") return [];
    const texts = message.content.map((part) =>
      part.type === "text" ? unwrap(part.text) : part.type === "json" ? JSON.stringify(part.json) : "",
    );
    const images = message.content.filter(({ type }) => type === "image").length;
    const text = texts.filter((each) => each !== "").join("\n");
    return [{ name: names.get(message.callId) ?? "a tool", text, images }];
  });
}

type Block = { attributes: Record<string, string>; text: string };

/** A block of untrusted text: a tag with a nonce in its name, attributes as JSON strings, and the same tag at its end. */
const BLOCK = /<(untrusted-[\w-]+)((?:\s+[\w-]+="(?:[^"\\]|\\.)*")*)\s*>\n?([\s\S]*?)\n?<\/\1>/g;
const ATTRIBUTE = /([\w-]+)=("(?:[^"\\]|\\.)*")/g;

function blocksOf(text: string, kind: string): Block[] {
  const blocks = [...text.matchAll(BLOCK)].map(([, , attributes = "", inner = ""]) => ({
    attributes: Object.fromEntries(
      [...attributes.matchAll(ATTRIBUTE)].map(([, name = "", value = '""']) => [name, read(value)]),
    ),
    text: inner,
  }));
  return blocks.filter(({ attributes }) => attributes.kind === kind);
}

function withoutBlocks(text: string): string {
  return text.replace(BLOCK, "").trim();
}

function unwrap(text: string): string {
  return text.replace(BLOCK, "$3").trim();
}

function read(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === "string" ? value : "";
}
