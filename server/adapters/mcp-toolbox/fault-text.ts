import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { cutText } from "./cut-text.ts";
import type { HttpServer, McpServer, StdioServer } from "./mcp-config.ts";

/** What went wrong with a server, for the person: a sentence on the cause and one on what to do. Holds no secret. */
export function faultText(server: McpServer, error: unknown, lastWords?: string): string {
  const text = server.kind === "stdio" ? stdioFault(server, error) : httpFault(server, error);
  const words =
    lastWords === undefined ? "" : ` Its last words: ${cutText(redact(server, lastWords), PHRASE_CHARACTERS)}`;
  // Cut after the keys are hidden: half of a key would not be found.
  return `${cutText(redact(server, text ?? otherFault(error)), PHRASE_CHARACTERS)}${words}`;
}

/** The text without the server's keys. They appear where a server or a library repeats what it was given. */
export function redact(server: McpServer, text: string): string {
  return server.secrets.reduce((clean, secret) => clean.replaceAll(secret, "[hidden]"), text);
}

/** Whether the server refused the request before it looked at it, because it does not know our session (any more). */
export function isSessionGone(error: unknown): boolean {
  return error instanceof StreamableHTTPError && (error.code === 404 || error.code === 400);
}

/** Whether the server itself answered, be it with an error: it is alive. */
export function isAnswer(error: unknown): boolean {
  return (
    error instanceof McpError && error.code !== ErrorCode.ConnectionClosed && error.code !== ErrorCode.RequestTimeout
  );
}

const PHRASE_CHARACTERS = 400;

function stdioFault(server: StdioServer, error: unknown): string | undefined {
  const code = systemCode(error);
  if (code === "ENOENT") {
    const place = server.cwd === undefined ? "" : `, or the directory ${server.cwd}`;
    return `The command ${server.command}${place} was not found. Install it or correct the entry in mcp.json.`;
  }
  if (code === "EACCES") return `The command ${server.command} may not be run. Check its permissions.`;
  if (isClosed(error) || (code !== undefined && BROKEN_PIPE.includes(code))) return "The server's process has ended.";
  return undefined;
}

/** What writing to a process says that has ended a moment ago, before its end is told. */
const BROKEN_PIPE = ["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"];

function httpFault(server: HttpServer, error: unknown): string | undefined {
  // Not the whole address: keys are found in paths and queries.
  const { origin } = new URL(server.url);
  if (error instanceof StreamableHTTPError) return `${origin} ${statusFault(error.code)}`;
  const code = systemCode(error);
  if (code !== undefined) return `${origin} cannot be reached (${code}). Is the server running?`;
  if (error instanceof TypeError) return `${origin} cannot be reached. Check the url in mcp.json.`;
  return isClosed(error) ? `The connection to ${origin} was lost.` : undefined;
}

function statusFault(status: number | undefined): string {
  if (status === 401 || status === 403)
    return `refused us (HTTP ${status}). Check the headers of the entry in mcp.json.`;
  if (status === 404 || status === 405)
    return `has no MCP endpoint at this path (HTTP ${status}). Check the url in mcp.json.`;
  if (status !== undefined && status >= 300 && status < 400) {
    return `redirects to another host (HTTP ${status}), which is not followed. Give the final address as url in mcp.json.`;
  }
  return status === undefined || status < 0 ? "answered with something that is not MCP." : `answered HTTP ${status}.`;
}

function otherFault(error: unknown): string {
  if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) return "The server did not answer in time.";
  if (error instanceof z.core.$ZodError) return "The server's answer is not of the form that MCP asks for.";
  return error instanceof Error ? error.message : String(error);
}

function isClosed(error: unknown): boolean {
  return error instanceof McpError && error.code === ErrorCode.ConnectionClosed;
}

/** The system's code of an error or of what caused it: fetch wraps the true error. */
function systemCode(error: unknown): string | undefined {
  return codeSchema.safeParse(error).data?.code ?? causeSchema.safeParse(error).data?.cause.code;
}

const codeSchema = z.object({ code: z.string() });
const causeSchema = z.object({ cause: codeSchema });
