import type { TurnEvent } from "../../lib/protocol/events.ts";
import type { Model, ModelChunk, ModelMessage, ModelTool, ModelToolCall } from "../ports/model.ts";
import { createAnswerBounds } from "./answer-bounds.ts";
import { type CallTools, runRound } from "./run-round.ts";

export type RunTurn = {
  model: Pick<Model, "stream">;
  modelId: string;
  /** System prompt, history and question. */
  prompt: readonly ModelMessage[];
  /** What the model may call; empty when it may call nothing. */
  tools: readonly ModelTool[];
  maxToolRounds: number;
  callTools: CallTools;
};

/**
 * Writes an answer: rounds of model call and tool calls until the model answers in text. Yields the turn's events
 * between `started` and the end, in batches; returns the finish reason. Throws ModelFailure, or the signal's reason.
 */
export async function* runTurn(run: RunTurn, signal: AbortSignal): AsyncGenerator<readonly TurnEvent[], string> {
  const messages = [...run.prompt];
  const callIds = createCallIds();
  const bounds = createAnswerBounds();
  let rounds = 0;

  while (true) {
    const mayCall = run.tools.length > 0 && rounds < run.maxToolRounds;
    if (run.tools.length > 0 && !mayCall) messages.push(capNote(run.maxToolRounds));
    const answer: ModelAnswer = { text: "", calls: [], continuation: [], finishReason: "stop" };
    const request = { model: run.modelId, messages, tools: mayCall ? run.tools : [] };
    // Not a generator of its own: each one that a token passes through costs a tenth of the token's whole way.
    for await (const chunks of run.model.stream(request, signal)) {
      bounds.take(chunks);
      const events = take(chunks, answer);
      if (events.length > 0) yield events;
    }
    const { text, calls, continuation } = answer;
    if (calls.length === 0 || !mayCall) {
      if (text === "" && (rounds > 0 || calls.length > 0)) {
        yield [{ type: "text", delta: emptyAnswer(rounds, mayCall) }];
      }
      return answer.finishReason;
    }
    rounds += 1;
    const numbered = calls.map((call) => ({ ...call, eventId: callIds.next(call) }));
    const results = yield* runRound(numbered, run.callTools, signal);
    messages.push({ role: "assistant", text, calls, continuation }, ...results);
  }
}

type ModelAnswer = { text: string; calls: ModelToolCall[]; continuation: unknown[]; finishReason: string };

/** Adds the chunks of one read to the answer; the events that readers are to see of them, neighbouring deltas joined. */
function take(chunks: readonly ModelChunk[], answer: ModelAnswer): TurnEvent[] {
  const events: TurnEvent[] = [];
  for (const chunk of chunks) takeChunk(chunk, answer, events);
  return events;
}

function takeChunk(chunk: ModelChunk, answer: ModelAnswer, events: TurnEvent[]): void {
  switch (chunk.type) {
    case "text":
    case "reasoning": {
      if (chunk.type === "text") answer.text += chunk.delta;
      const last = events.at(-1);
      if (last?.type === chunk.type) last.delta += chunk.delta;
      else events.push({ type: chunk.type, delta: chunk.delta });
      return;
    }
    case "tool-call":
      answer.calls.push(chunk.call);
      return;
    case "continuation":
      answer.continuation.push(chunk.value);
      return;
    case "usage":
      events.push({ type: "usage", ...chunk.usage });
      return;
    case "finish":
      answer.finishReason = chunk.reason;
  }
}

function capNote(rounds: number): ModelMessage {
  const text = `The limit of ${rounds} rounds of tool calls is reached; no more calls are possible. Answer now with what you have, and say that the limit was reached.`;
  return { role: "system", text };
}

/** An answer always comes: this one when the model gave none. */
function emptyAnswer(rounds: number, mayCall: boolean): string {
  if (rounds === 0) return "The model wrote no answer: it called a tool, and there is none that it may call.";
  if (mayCall) return "The model ended without an answer after its tool calls. Their results are above.";
  return `The limit of ${rounds} rounds of tool calls was reached and the model wrote no answer. The results are above.`;
}

/** Endpoints may use one id for several calls of a turn, and ids that fit no URL: events get ids that are safe and unique. */
function createCallIds(): { next(call: ModelToolCall): string } {
  let used: Set<string> | undefined;
  return {
    next({ callId }) {
      used ??= new Set();
      const safe = /^[\w-]{1,64}$/.test(callId) && !used.has(callId);
      const id = safe ? callId : `call-${used.size + 1}-${crypto.randomUUID().slice(0, 8)}`;
      used.add(id);
      return id;
    },
  };
}
