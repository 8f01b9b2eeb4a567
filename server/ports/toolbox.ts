import type { ToolContent } from "../../lib/protocol/messages.ts";

/** The tools that a model may call. Adapter: MCP servers. */
export interface Toolbox {
  /** All configured servers with what is known of them now; a server that is down is listed with its error. */
  servers(): readonly ToolServerState[];

  /**
   * Calls a tool. A failing, unknown or unreachable tool and one that takes too long are outcomes (`ok: false`), not
   * exceptions. Throws only the signal's reason when `signal` aborts; the call is then cancelled at the server too.
   */
  call(
    call: { server: string; tool: string; args: unknown },
    options: { signal: AbortSignal; onProgress: (progress: ToolProgress) => void },
  ): Promise<ToolOutcome>;

  close(): Promise<void>;
}

export type ToolServerState = {
  name: string;
  status: "connecting" | "ready" | "failed";
  /** What is wrong and what to do, for the person; no secret. */
  error?: string;
  tools: readonly ToolDefinition[];
};

export type ToolDefinition = {
  name: string;
  title: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: Record<string, unknown>;
  /** The server's own claim that the tool changes nothing (MCP `readOnlyHint`). */
  readOnly: boolean;
};

export type ToolProgress = { progress: number; total?: number; message?: string };

export type ToolOutcome = { ok: boolean; content: ToolContent[]; error?: string };
