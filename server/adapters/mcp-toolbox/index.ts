import type { Toolbox } from "../../ports/toolbox.ts";
import { callTool } from "./call-tool.ts";
import type { McpConfig } from "./mcp-config.ts";
import { type ConnectionOptions, ServerConnection } from "./server-connection.ts";
import type { Log } from "./session.ts";

export { type McpConfig, readMcpConfig } from "./mcp-config.ts";

export type McpToolboxOptions = {
  config: McpConfig;
  /** Milliseconds that a call may go without an answer or progress; ten times as much in all. */
  callTimeoutMs: number;
  logger: Log;
  connectTimeoutMs?: number;
  retry?: ConnectionOptions["retry"];
};

/** The tools of the configured MCP servers. Returns at once; the servers are connected, and kept so, in the background. */
export function createMcpToolbox({
  config,
  callTimeoutMs,
  logger,
  connectTimeoutMs = 60_000,
  retry = { first: 1_000, most: 30_000 },
}: McpToolboxOptions): Toolbox {
  const connections = new Map(
    config.servers.map((server) => [server.name, new ServerConnection(server, { logger, connectTimeoutMs, retry })]),
  );

  return {
    servers: () => [...connections.values()].map((connection) => connection.state()),

    async call({ server, tool, args }, { signal, onProgress }) {
      signal.throwIfAborted();
      const connection = connections.get(server);
      if (connection === undefined) return { ok: false, content: [], error: `There is no tool server "${server}".` };
      return await callTool(connection, { tool, args }, { signal, onProgress, callTimeoutMs });
    },

    async close() {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
