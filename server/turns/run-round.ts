import type { TurnEvent } from "../../lib/protocol/events.ts";
import type { ModelMessage, ModelToolCall } from "../ports/model.ts";
import type { Toolbox, ToolDefinition, ToolOutcome } from "../ports/toolbox.ts";
import type { Approvals } from "./approvals.ts";
import { createEventQueue } from "./event-queue.ts";
import { type Untrusted, untrustedContent } from "./untrusted.ts";

/** A tool on offer, under the name by which the model knows it (`server__tool`). */
export type OfferedTool = { server: string; definition: ToolDefinition };

/** What one turn's tool calls need. */
export type CallTools = {
  offered: ReadonlyMap<string, OfferedTool>;
  toolbox: Toolbox;
  approvals: Approvals;
  approvalTimeoutMs: number;
  /** Whether the person allowed the tool (`server__tool`) always. */
  isAllowed(name: string): Promise<boolean>;
  untrusted: Untrusted;
};

type Call = ModelToolCall & {
  /** The id that the events bear. */
  eventId: string;
};

/** Runs the calls of one round in parallel. Yields their events; returns the results for the model, in the order of the calls. */
export async function* runRound(
  calls: readonly Call[],
  tools: CallTools,
  signal: AbortSignal,
): AsyncGenerator<readonly TurnEvent[], ModelMessage[]> {
  const queue = createEventQueue();
  const emit = (event: TurnEvent) => queue.push(event);
  // Calls end with the round, however it ends: nobody reads their results any more.
  const round = new AbortController();
  const both = AbortSignal.any([signal, round.signal]);
  const results = Promise.all(calls.map((call) => runCall(call, tools, emit, both)));
  results.then(
    () => queue.end(),
    (error: unknown) => {
      round.abort(error);
      queue.end(error);
    },
  );
  try {
    yield* queue;
    return await results;
  } finally {
    round.abort();
  }
}

async function runCall(
  call: Call,
  tools: CallTools,
  emit: (event: TurnEvent) => void,
  signal: AbortSignal,
): Promise<ModelMessage> {
  const offered = tools.offered.get(call.name);
  const { server, tool } = offered ? { server: offered.server, tool: offered.definition.name } : splitName(call.name);
  emit({ type: "tool-call", callId: call.eventId, server, tool, args: call.args });
  const outcome = offered
    ? await approveAndCall(call, offered, tools, emit, signal)
    : failure(`There is no tool named ${call.name}. Call only the tools that are listed.`);
  emit({ type: "tool-result", callId: call.eventId, ...outcome });
  return { role: "tool", callId: call.callId, content: untrustedContent(tools.untrusted, call.name, outcome) };
}

async function approveAndCall(
  call: Call,
  { server, definition }: OfferedTool,
  tools: CallTools,
  emit: (event: TurnEvent) => void,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const refusal = definition.readOnly ? undefined : await askPerson(call, tools, emit, signal);
  if (refusal) return refusal;
  return await tools.toolbox.call(
    { server, tool: definition.name, args: call.args },
    { signal, onProgress: (progress) => emit({ type: "tool-progress", callId: call.eventId, ...progress }) },
  );
}

/** Undefined when the call may go on, else the refusal that the model is told. */
async function askPerson(
  call: Call,
  tools: CallTools,
  emit: (event: TurnEvent) => void,
  signal: AbortSignal,
): Promise<ToolOutcome | undefined> {
  if (await tools.isAllowed(call.name)) return undefined;
  const answer = tools.approvals.ask({ callId: call.eventId, name: call.name }, tools.approvalTimeoutMs, signal);
  emit({ type: "approval-needed", callId: call.eventId });
  const decision = await answer;
  emit({ type: "approval", callId: call.eventId, decision: decision === "allow" ? "allow" : "deny" });
  if (decision === "allow") return undefined;
  return failure(
    decision === "deny"
      ? "The person denied this call. Do not try it again; go on without it or say what you need it for."
      : "Nobody approved this call in time, so it was not made.",
  );
}

function failure(error: string): ToolOutcome {
  return { ok: false, content: [], error };
}

function splitName(name: string): { server: string; tool: string } {
  const at = name.indexOf("__");
  return at > 0 ? { server: name.slice(0, at), tool: name.slice(at + 2) } : { server: "", tool: name };
}
