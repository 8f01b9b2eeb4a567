import * as z from "zod";
import type { ToolOutcome, ToolProgress } from "../../ports/toolbox.ts";
import { type CallClock, startCallClock } from "./call-clock.ts";
import { cutText } from "./cut-text.ts";
import { faultText, isSessionGone, redact } from "./fault-text.ts";
import type { McpServer } from "./mcp-config.ts";
import { outcomeOfResult, resultSchema } from "./result-outcome.ts";
import type { ServerConnection } from "./server-connection.ts";

type ToolCall = { tool: string; args: unknown };

type CallOptions = {
  signal: AbortSignal;
  onProgress: (progress: ToolProgress) => void;
  /** Milliseconds without an answer or progress. */
  callTimeoutMs: number;
};

/** Calls a tool of one server, by the contract of the Toolbox port. */
export async function callTool(
  connection: ServerConnection,
  call: ToolCall,
  options: CallOptions,
): Promise<ToolOutcome> {
  options.signal.throwIfAborted();
  const args = argumentsSchema.safeParse(call.args ?? {});
  if (!args.success) return failure("The arguments of a tool must be an object.");

  const clock = startCallClock(options.signal, options.callTimeoutMs, options.callTimeoutMs * PROGRESS_FACTOR);
  const request = { tool: call.tool, args: args.data, onprogress: progressRelay(clock, options.onProgress) };
  try {
    return await callOnSession(connection, request, clock.signal);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    return failure(clock.overdue() ?? faultText(connection.server, error));
  } finally {
    clock.stop();
  }
}

const argumentsSchema = z.record(z.string(), z.unknown());

/** Progress gives a call more time, up to so many times its time limit. */
const PROGRESS_FACTOR = 10;

/** The SDK's own time limit is out of the way: it tells no abort from a timeout, and measures the whole only on progress. */
const NEVER_MS = 2 ** 31 - 1;

type Request = { tool: string; args: Record<string, unknown>; onprogress: (progress: ToolProgress) => void };

async function callOnSession(
  connection: ServerConnection,
  request: Request,
  signal: AbortSignal,
  again = true,
): Promise<ToolOutcome> {
  const { server } = connection;
  const session = await connection.session(signal);
  if (session === undefined)
    return failure(`The tool server "${server.name}" is not connected. ${connection.state().error ?? ""}`);
  const name = session.listed().originals.get(request.tool);
  if (name === undefined)
    return failure(`The tool server "${server.name}" has no tool "${cutText(request.tool, 100)}".`);

  try {
    const params = { name, arguments: request.args };
    const options = { signal, timeout: NEVER_MS, onprogress: request.onprogress };
    const result = await session.client.request({ method: "tools/call", params }, resultSchema, options);
    const outcome = outcomeOfResult(result);
    return outcome.ok ? outcome : withoutSecrets(server, outcome);
  } catch (error) {
    if (!again || !isSessionGone(error)) throw error;
    // Refused unseen (a server that was restarted forgets its sessions), so that a second try cannot do the work twice.
    await connection.drop(session);
    return await callOnSession(connection, request, signal, false);
  }
}

/** An error of a tool is where a server repeats the key that did not work. A good result is the person's, keys included. */
function withoutSecrets(server: McpServer, { ok, content, error }: ToolOutcome): ToolOutcome {
  const clean = content.map((part) => (part.type === "text" ? { ...part, text: redact(server, part.text) } : part));
  return { ok, content: clean, ...(error !== undefined && { error: redact(server, error) }) };
}

/** Passes progress on, but not more often than a person can see, save the last. */
function progressRelay(clock: CallClock, onProgress: CallOptions["onProgress"]): (progress: ToolProgress) => void {
  let passedAt = Number.NEGATIVE_INFINITY;
  return ({ progress, total, message }) => {
    clock.progressed();
    const now = performance.now();
    if (now - passedAt < PROGRESS_GAP_MS && progress !== total) return;
    passedAt = now;
    onProgress({
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message: cutText(message, PROGRESS_CHARACTERS) }),
    });
  };
}

const PROGRESS_GAP_MS = 100;
const PROGRESS_CHARACTERS = 200;

function failure(error: string): ToolOutcome {
  return { ok: false, content: [], error: error.trim() };
}
