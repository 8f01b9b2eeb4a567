import { Hono } from "hono";
import type { ToolServer } from "../../lib/protocol/responses.ts";
import type { Store } from "../ports/store.ts";
import type { Toolbox, ToolServerState } from "../ports/toolbox.ts";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery } from "./parse.ts";

/** The tool servers with what each of their tools needs from the person. */
export function toolRoutes({ toolbox, store }: { toolbox: Toolbox; store: Store }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/tools", async (c) => {
    expectNoQuery(c);
    const allowed = await store.allowedTools(c.get("userId"));
    return c.json({ servers: toolbox.servers().map((server) => toolServer(server, allowed)) });
  });
}

function toolServer(server: ToolServerState, allowed: ReadonlySet<string>): ToolServer {
  const { name, status, error } = server;
  const tools = server.tools.map((tool) => ({
    name: tool.name,
    title: tool.title,
    description: tool.description,
    readOnly: tool.readOnly,
    approval: tool.readOnly || allowed.has(`${name}__${tool.name}`) ? ("allow" as const) : ("ask" as const),
  }));
  return { name, status, ...(error !== undefined && { error }), tools };
}
