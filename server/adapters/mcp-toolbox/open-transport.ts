import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { fetchWithLimit } from "./fetch-with-limit.ts";
import type { HttpServer, McpServer, StdioServer } from "./mcp-config.ts";
import { ProcessTransport } from "./process-transport.ts";
import { createStderrTail } from "./stderr-tail.ts";

/** A transport that is not started yet. `close` also ends what the server keeps for us, and is safe to call at any time. */
export type OpenedTransport = {
  transport: Transport;
  /** The last line that a stdio server printed to its error stream. */
  lastWords(): string | undefined;
  close(): Promise<void>;
};

/** The transport for a configured server. `onStderr` gets the lines that a stdio server prints. */
export function openTransport(server: McpServer, onStderr: (line: string) => void): OpenedTransport {
  return server.kind === "stdio" ? openStdio(server, onStderr) : openHttp(server);
}

function openStdio(server: StdioServer, onStderr: (line: string) => void): OpenedTransport {
  const tail = createStderrTail(onStderr);
  const transport =
    process.platform === "win32" ? windowsTransport(server, tail.push) : new ProcessTransport(server, tail.push);
  return { transport, lastWords: tail.lastLine, close: () => transport.close() };
}

/** Windows has no process groups, and its npx.cmd needs the SDK's way to start a command. */
function windowsTransport(server: StdioServer, onStderr: (chunk: string) => void): Transport {
  const { command, args, cwd, env } = server;
  const transport = new StdioClientTransport({ command, args, env, stderr: "pipe", ...(cwd !== undefined && { cwd }) });
  transport.stderr?.on("data", (chunk: unknown) => onStderr(String(chunk)));
  return transport;
}

/** The SDK follows redirects within the address's origin only, so the headers with the keys never reach another host. */
function openHttp(server: HttpServer): OpenedTransport {
  const transport = new StreamableHTTPClientTransport(new URL(server.url), {
    requestInit: { headers: server.headers },
    fetch: fetchWithLimit,
    redirectPolicy: "same-origin",
  });
  const close = async () => {
    // A courtesy: a server that cannot be told has no session to end, or drops it by itself.
    const ended = Promise.allSettled([transport.terminateSession()]);
    await Promise.race([ended, after(END_SESSION_MS)]);
    await transport.close();
    await ended;
  };
  return { transport, lastWords: () => undefined, close };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

const END_SESSION_MS = 500;
