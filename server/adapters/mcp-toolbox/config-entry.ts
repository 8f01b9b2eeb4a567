import { DEFAULT_INHERITED_ENV_VARS } from "@modelcontextprotocol/sdk/client/stdio.js";
import * as z from "zod";
import { createExpander, type Expander } from "./expand-references.ts";
import type { Environment, McpServer } from "./mcp-config.ts";

/** One entry of `mcpServers`. Faults begin with the path inside the entry; a disabled entry has neither server nor faults. */
export function readEntry(name: string, value: unknown, env: Environment): { server?: McpServer; faults: string[] } {
  if (!SERVER_NAME.test(name) || name.length > SERVER_NAME_LENGTH) return { faults: [NAME_FAULT] };
  if (switchSchema.safeParse(value).data?.disabled === true) return { faults: [] };

  const entry = entrySchema.safeParse(value);
  if (!entry.success) return { faults: entry.error.issues.map(faultOfIssue) };
  const { command, url, type } = entry.data;
  if (type === "sse") return { faults: [SSE_FAULT] };
  if ((command === undefined) === (url === undefined)) return { faults: [" needs either a command or a url."] };
  if (type !== undefined && (type === "stdio") !== (command !== undefined)) {
    return { faults: [`.type is "${type}", but the entry has a ${command === undefined ? "url" : "command"}.`] };
  }

  const expander = createExpander(env);
  const server =
    command === undefined ? httpServer(name, entry.data, expander) : stdioServer(name, entry.data, expander, env);
  return expander.faults.length > 0 ? { faults: expander.faults } : { server, faults: [] };
}

/** No double and no outer underscore: a call is `server__tool`, and must come apart again in one way only. */
const SERVER_NAME = /^[a-zA-Z0-9-]+(_[a-zA-Z0-9-]+)*$/;
const SERVER_NAME_LENGTH = 32;
const NAME_FAULT = `: a server's name is at most ${SERVER_NAME_LENGTH} letters, digits, "-" and single "_" between them.`;
const SSE_FAULT =
  '.type "sse" is not supported: give the address of the server\'s Streamable HTTP endpoint and type "http".';

const switchSchema = z.object({ disabled: z.boolean() });

const text = z.string().min(1);
const entrySchema = z.object({
  type: z.enum(["stdio", "http", "streamable-http", "streamableHttp", "streamable_http", "sse"]).optional(),
  disabled: z.boolean().optional(),
  command: text.optional(),
  args: z.array(z.string()).default([]),
  cwd: text.optional(),
  env: z.record(z.string(), z.string()).default({}),
  url: text.optional(),
  headers: z.record(z.string(), z.string()).default({}),
});
type Entry = z.infer<typeof entrySchema>;

function faultOfIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.map((key) => `.${String(key)}`).join("")}: ${issue.message}.`;
}

function stdioServer(name: string, entry: Entry, expander: Expander, environment: Environment): McpServer {
  const own = expander.record(entry.env, ".env");
  return {
    kind: "stdio",
    name,
    command: entry.command ?? "",
    args: entry.args.map((arg, index) => expander.text(arg, `.args[${index}]`)),
    cwd: entry.cwd,
    env: { ...inherited(environment), ...own },
    secrets: secretsOf([...Object.values(own), ...expander.used]),
  };
}

function httpServer(name: string, entry: Entry, expander: Expander): McpServer {
  const url = expander.text(entry.url ?? "", ".url");
  const headers = expander.record(entry.headers, ".headers");
  expander.faults.push(...urlFaults(url), ...headerFaults(headers));
  return { kind: "http", name, url, headers, secrets: secretsOf([...Object.values(headers), ...expander.used]) };
}

/** A stdio server gets nothing else of our environment, which holds keys. */
function inherited(environment: Environment): Record<string, string> {
  const pairs = DEFAULT_INHERITED_ENV_VARS.flatMap((key) => {
    const value = environment[key];
    // A value that begins so is an exported shell function, which a shell in the child would run.
    return value === undefined || value.startsWith("()") ? [] : [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}

function urlFaults(url: string): string[] {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) {
    return [".url must be an address that begins with http:// or https://."];
  }
  return parsed.username === "" && parsed.password === "" ? [] : [".url holds a password: put it into headers."];
}

function headerFaults(headers: Record<string, string>): string[] {
  return Object.entries(headers).flatMap(([key, value]) => {
    try {
      new Headers([[key, value]]);
      return [];
    } catch {
      return [`.headers.${key} cannot be sent: its name or value holds characters that HTTP does not allow.`];
    }
  });
}

/** Each value and, for those like "Bearer abc", each of its words. Short ones are left: hiding "true" would hide nothing. */
function secretsOf(values: readonly string[]): string[] {
  const words = values.flatMap((value) => [value, ...value.split(/\s+/)]);
  return [...new Set(words.filter((word) => word.length >= 6))].sort((a, b) => b.length - a.length);
}
