import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import * as z from "zod";
import type { ToolDefinition } from "../../ports/toolbox.ts";
import { cutText } from "./cut-text.ts";
import { callableNames } from "./tool-names.ts";

/** What one server must not exceed, whatever it lists: each definition is paid for in every call of the model. */
export const LIST_LIMITS = {
  tools: 200,
  pages: 50,
  descriptionCharacters: 4_000,
  titleCharacters: 100,
  /** UTF-16 units of one tool's schema as JSON. A larger one cannot be cut, so its tool is left out. */
  schemaCharacters: 32_000,
  /** The same for all of a server's schemas. */
  schemasCharacters: 400_000,
} as const;

export type ListedTools = {
  definitions: readonly ToolDefinition[];
  /** The server's own names by the names of the definitions. */
  originals: ReadonlyMap<string, string>;
  /** Why the list is not whole, for the person. */
  note?: string;
};

/** Asks a connected server for all of its tools, page by page. Tools that break a limit or the form are left out. */
export async function listTools(client: Client, server: string, options: { timeout: number }): Promise<ListedTools> {
  // A server without the capability need not know the method.
  if (client.getServerCapabilities()?.tools === undefined) return { definitions: [], originals: new Map() };
  const { tools, whole } = await allPages(client, options);
  return capTools(server, tools, whole);
}

/** The pages of tools/list as definitions within the limits. */
function capTools(server: string, listed: readonly unknown[], whole: boolean): ListedTools {
  const callable = listed.filter((tool) => !taskToolSchema.safeParse(tool).success);
  const wellFormed = callable.flatMap((tool) => toolSchema.safeParse(tool).data ?? []);
  const names = callableNames(
    server,
    wellFormed.map((tool) => tool.name),
  );
  const definitions: ToolDefinition[] = [];
  const originals = new Map<string, string>();
  let room: number = LIST_LIMITS.schemasCharacters;
  for (const tool of wellFormed) {
    const name = names.get(tool.name);
    const size = JSON.stringify(tool.inputSchema).length;
    if (name === undefined || originals.has(name) || definitions.length === LIST_LIMITS.tools) continue;
    if (size > LIST_LIMITS.schemaCharacters || size > room) continue;
    room -= size;
    definitions.push(definitionOf(name, tool));
    originals.set(name, tool.name);
  }
  const left = callable.length - definitions.length;
  const note =
    left > 0 || !whole
      ? `${left > 0 ? left : "Some"} of the server's tools left out: too many, too large, malformed or with a double name.`
      : undefined;
  return { definitions, originals, ...(note !== undefined && { note }) };
}

/** Our own schema and not the SDK's: there one malformed tool refuses the whole list. */
const toolSchema = z.object({
  name: z.string().min(1).max(1_000),
  title: z.string().optional().catch(undefined),
  description: z.string().catch(""),
  inputSchema: z.looseObject({ type: z.literal("object") }),
  annotations: z
    .object({ title: z.string(), readOnlyHint: z.boolean(), destructiveHint: z.boolean() })
    .partial()
    .catch({})
    .default({}),
});

/** A tool that must be called as a task (MCP 2025-11-25), which is more than a call: not for us, and no fault. */
const taskToolSchema = z.object({ execution: z.object({ taskSupport: z.literal("required") }) });

const pageSchema = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().nullish() });

async function allPages(client: Client, options: { timeout: number }): Promise<{ tools: unknown[]; whole: boolean }> {
  const tools: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= LIST_LIMITS.pages; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const { tools: more, nextCursor } = await client.request({ method: "tools/list", params }, pageSchema, options);
    tools.push(...more.slice(0, LIST_LIMITS.tools * 2));
    if (typeof nextCursor !== "string") return { tools, whole: true };
    if (nextCursor === cursor || tools.length >= LIST_LIMITS.tools * 2) break;
    cursor = nextCursor;
  }
  return { tools, whole: false };
}

function definitionOf(name: string, tool: z.infer<typeof toolSchema>): ToolDefinition {
  const { readOnlyHint, destructiveHint, title } = tool.annotations;
  return {
    name,
    title: cutText(tool.title ?? title ?? tool.name, LIST_LIMITS.titleCharacters),
    description: cutText(tool.description, LIST_LIMITS.descriptionCharacters),
    inputSchema: tool.inputSchema,
    // A server that claims both contradicts itself: ask the person.
    readOnly: readOnlyHint === true && destructiveHint !== true,
  };
}
