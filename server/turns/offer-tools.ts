import type { ModelTool } from "../ports/model.ts";
import type { Toolbox } from "../ports/toolbox.ts";
import type { OfferedTool } from "./run-round.ts";

export type Offer = { tools: readonly ModelTool[]; offered: ReadonlyMap<string, OfferedTool> };

/** One for all turns without tools. */
const NOTHING: Offer = { tools: [], offered: new Map() };

/** The tools of the named servers that are ready now (all servers when none are named), under the names that the model knows. */
export function offerTools(toolbox: Toolbox, servers: readonly string[] | undefined): Offer {
  const ready = toolbox.servers().filter(({ name, status }) => status === "ready" && servers?.includes(name) !== false);
  if (ready.length === 0) return NOTHING;
  const offered = new Map<string, OfferedTool>();
  const tools: ModelTool[] = [];
  for (const server of ready) {
    for (const definition of server.tools) {
      const name = `${server.name}__${definition.name}`;
      offered.set(name, { server: server.name, definition });
      tools.push({ name, description: definition.description, inputSchema: definition.inputSchema });
    }
  }
  return { tools, offered };
}
