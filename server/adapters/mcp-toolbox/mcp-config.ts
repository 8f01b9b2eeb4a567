import { readFileSync } from "node:fs";
import * as z from "zod";
import { readEntry } from "./config-entry.ts";

/** The tool servers to connect to, by name. */
export type McpConfig = { servers: readonly McpServer[] };

export type McpServer = StdioServer | HttpServer;

export type StdioServer = {
  kind: "stdio";
  name: string;
  command: string;
  args: string[];
  cwd: string | undefined;
  /** The child's whole environment. */
  env: Record<string, string>;
  /** What must never be shown or logged. */
  secrets: string[];
};

export type HttpServer = {
  kind: "http";
  name: string;
  url: string;
  headers: Record<string, string>;
  secrets: string[];
};

/** `faults` are whole sentences for the person who wrote the file, without any value out of it. */
export type McpConfigResult = { ok: true; config: McpConfig } | { ok: false; faults: string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads an mcp.json of the usual form. `${VAR}` and `${VAR:-default}` in `env`, `headers`, `args` and `url` are replaced
 * from `env`. Servers marked `disabled` are left out. Never throws: all that is wrong comes back at once.
 */
export function readMcpConfig(path: string, env: Environment): McpConfigResult {
  const text = readText(path);
  if (text instanceof Error) return { ok: false, faults: [`${path} cannot be read: ${reasonOf(text)}.`] };
  return parseMcpConfig(path, text, env);
}

function parseMcpConfig(path: string, text: string, env: Environment): McpConfigResult {
  const json = parseJson(text);
  if (json instanceof Error) return { ok: false, faults: [`${path} is not valid JSON${placeOf(json)}.`] };

  const file = fileSchema.safeParse(json);
  if (!file.success) return { ok: false, faults: [`${path} must be of the form {"mcpServers": {"name": {…}}}.`] };

  const servers: McpServer[] = [];
  const faults: string[] = [];
  for (const [name, value] of Object.entries(file.data.mcpServers)) {
    const entry = readEntry(name, value, env);
    if (entry.faults.length > 0) faults.push(...entry.faults.map((fault) => `${path}: mcpServers.${name}${fault}`));
    else if (entry.server !== undefined) servers.push(entry.server);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, config: { servers } };
}

const fileSchema = z.object({ mcpServers: z.record(z.string(), z.unknown()) });

function readText(path: string): string | Error {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function reasonOf(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a directory";
  return code === "EACCES" ? "reading it is not allowed" : String(code ?? error.name);
}

/** Only the place: the rest of V8's message quotes the file, which may hold keys. */
function placeOf(error: Error): string {
  const place = /line \d+ column \d+/.exec(error.message);
  return place === null ? "" : ` (${place[0]})`;
}
