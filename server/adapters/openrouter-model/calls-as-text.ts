import type { ToolContent } from "../../../lib/protocol/messages.ts";
import type { ModelInput, ModelMessage } from "../../ports/model.ts";

/**
 * A history in which tool calls and their results are text. For requests without tools: endpoints of Anthropic's models
 * refuse calls of tools that are not defined, and a model must not be tempted to call once more. `mayShow`: the model
 * takes images.
 */
export function callsAsText(messages: readonly ModelMessage[], mayShow: boolean): ModelMessage[] {
  const told: ModelMessage[] = [];
  for (const message of messages) {
    if (message.role === "tool") addResult(told, message, mayShow);
    else if (message.role === "assistant" && message.calls.length > 0) told.push(toldCalls(message));
    else told.push(message);
  }
  return told;
}

function toldCalls({ text, calls }: Extract<ModelMessage, { role: "assistant" }>): ModelMessage {
  const lines = calls.map(({ callId, name, args }) => `[Called ${name} as ${callId} with ${JSON.stringify(args)}]`);
  return {
    role: "assistant",
    text: [...(text === "" ? [] : [text]), ...lines].join("\n"),
    calls: [],
    continuation: [],
  };
}

/** All results of a round are one message of the user: endpoints want the roles by turns. */
function addResult(
  told: ModelMessage[],
  { callId, content }: Extract<ModelMessage, { role: "tool" }>,
  mayShow: boolean,
): void {
  const shown = content.map((part) => inputOf(part, mayShow));
  const result: ModelInput[] = [{ type: "text", text: `[Result of ${callId}]` }, ...shown];
  const last = told.at(-1);
  if (last?.role === "user") told[told.length - 1] = { role: "user", content: [...last.content, ...result] };
  else told.push({ role: "user", content: result });
}

function inputOf(content: ToolContent, mayShow: boolean): ModelInput {
  if (content.type === "image" && !mayShow) return { type: "text", text: "[An image that this model cannot see.]" };
  if (content.type === "json") return { type: "text", text: JSON.stringify(content.json) };
  return content;
}
