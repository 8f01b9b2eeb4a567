import type { NumberedEvent, TurnEvent, UnknownEvent } from "./events.ts";
import type { AnswerPart, MessageStatus, ToolPart, TurnError, Usage } from "./messages.ts";

/** What is known of a turn after its event number `lastSeq`. */
export type TurnState = {
  lastSeq: number;
  status: MessageStatus;
  parts: readonly AnswerPart[];
  messageId?: string;
  model?: string;
  usage?: Usage;
  finishReason?: string;
  error?: TurnError;
};

/** A turn of which no event has been seen. */
export const EMPTY_TURN: TurnState = { lastSeq: 0, status: "streaming", parts: [] };

/**
 * Folds one event into a turn. Pure, total and idempotent: an event that was already folded, one that leaves a gap and
 * one behind the end return the very same state, so a caller sees a gap by `lastSeq` not having moved.
 */
export function reduceTurn(state: TurnState, { seq, event }: NumberedEvent): TurnState {
  if (seq !== state.lastSeq + 1 || state.status !== "streaming") return state;
  // Nearly all events are deltas: one copy of the state instead of two.
  if (isDelta(event)) return { ...state, lastSeq: seq, parts: withDelta(state.parts, event.type, event.delta) };
  return { ...state, lastSeq: seq, ...changeOf(state, event) };
}

type Delta = Extract<TurnEvent, { type: "text" | "reasoning" }>;

function isDelta(event: TurnEvent | UnknownEvent): event is Delta {
  return event.type === "text" || event.type === "reasoning";
}

function changeOf(state: TurnState, event: Exclude<TurnEvent | UnknownEvent, Delta>): Partial<TurnState> {
  switch (event.type) {
    case "started":
      return { model: event.model, messageId: event.messageId };
    case "tool-call":
      return { parts: withCall(state.parts, event) };
    case "approval-needed":
      return { parts: withTool(state.parts, event.callId, (tool) => ({ ...tool, state: "waiting" })) };
    case "approval":
      return {
        parts: withTool(state.parts, event.callId, (tool) => ({
          ...tool,
          state: event.decision === "allow" ? "running" : "denied",
        })),
      };
    case "tool-progress":
      return { parts: withTool(state.parts, event.callId, (tool) => ({ ...tool, progress: progressOf(event) })) };
    case "tool-result":
      return { parts: withTool(state.parts, event.callId, (tool) => withResult(tool, event)) };
    case "usage":
      return { usage: addUsage(state.usage, event) };
    case "completed":
      return { status: "complete", finishReason: event.finishReason, parts: withOpenCallsClosed(state.parts) };
    case "stopped":
      return { status: "stopped", parts: withOpenCallsClosed(state.parts) };
    case "failed":
      return {
        status: event.code === "interrupted" ? "interrupted" : "failed",
        error: { code: event.code, message: event.message, retryable: event.retryable },
        parts: withOpenCallsClosed(state.parts),
      };
    case "unknown":
      return {};
  }
}

function withDelta(parts: readonly AnswerPart[], type: "text" | "reasoning", delta: string): readonly AnswerPart[] {
  const last = parts.at(-1);
  if (last?.type !== type) return delta === "" ? parts : [...parts, { type, text: delta }];
  return parts.with(-1, { type, text: last.text + delta });
}

function withCall(
  parts: readonly AnswerPart[],
  call: Extract<TurnEvent, { type: "tool-call" }>,
): readonly AnswerPart[] {
  if (parts.some((part) => part.type === "tool" && part.callId === call.callId)) return parts;
  const { callId, server, tool, args } = call;
  return [...parts, { type: "tool", callId, server, tool, args, state: "running" }];
}

function withTool(
  parts: readonly AnswerPart[],
  callId: string,
  change: (tool: ToolPart) => ToolPart,
): readonly AnswerPart[] {
  return parts.map((part) => (part.type === "tool" && part.callId === callId && isOpen(part) ? change(part) : part));
}

function withResult(tool: ToolPart, result: Extract<TurnEvent, { type: "tool-result" }>): ToolPart {
  const { progress: _, ...rest } = tool;
  const state = tool.state === "denied" ? "denied" : result.ok ? "done" : "failed";
  return { ...rest, state, content: result.content, ...(result.error !== undefined && { error: result.error }) };
}

function progressOf(event: Extract<TurnEvent, { type: "tool-progress" }>): ToolPart["progress"] {
  const { progress, total, message } = event;
  return { progress, ...(total !== undefined && { total }), ...(message !== undefined && { message }) };
}

/** A denied call is open until its result has said so to the model. */
function isOpen(tool: ToolPart): boolean {
  return (
    tool.state === "running" || tool.state === "waiting" || (tool.state === "denied" && tool.content === undefined)
  );
}

/** A call without a result at the end of its turn has failed: nothing will answer it any more. */
function withOpenCallsClosed(parts: readonly AnswerPart[]): readonly AnswerPart[] {
  if (!parts.some((part) => part.type === "tool" && isOpen(part))) return parts;
  return parts.map((part) => {
    if (part.type !== "tool" || !isOpen(part)) return part;
    const { progress: _, ...rest } = part;
    return {
      ...rest,
      state: part.state === "denied" ? "denied" : "failed",
      content: [],
      error: "The turn ended first.",
    };
  });
}

/** Each model call of a turn reports its own usage; the turn's is their sum. */
function addUsage(sum: Usage | undefined, { inputTokens, outputTokens, cost }: Usage): Usage {
  const total = sum?.cost === undefined ? cost : sum.cost + (cost ?? 0);
  return {
    inputTokens: (sum?.inputTokens ?? 0) + inputTokens,
    outputTokens: (sum?.outputTokens ?? 0) + outputTokens,
    ...(total !== undefined && { cost: total }),
  };
}
