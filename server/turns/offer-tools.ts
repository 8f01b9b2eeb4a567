import type { ModelTool } from "../ports/model.ts";
import type { Toolbox } from "../ports/toolbox.ts";
import type { OfferedTool } from "./run-round.ts";

/** The tools of the named servers that are ready now (all servers when none are named), under the names that the model knows. */
export function offerTools(
  toolbox: Toolbox,
  servers: readonly string[] | undefined,
): { tools: ModelTool[]; offered: ReadonlyMap<string, OfferedTool> } {
  const offered = new Map<string, OfferedTool>();
  const tools: ModelTool[] = [];
  for (const server of toolbox.servers()) {
    if (server.status !== "ready" || (servers && !servers.includes(server.name))) continue;
    for (const definition of server.tools) {
      const name = `${server.name}__${definition.name}`;
      offered.set(name, { server: server.name, definition });
      tools.push({ name, description: definition.description, inputSchema: definition.inputSchema });
    }
  }
  return { tools, offered };
}
