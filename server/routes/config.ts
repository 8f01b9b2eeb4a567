import { Hono } from "hono";
import type { ServerConfig } from "../../lib/protocol/responses.ts";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery } from "./parse.ts";

/** What a client must know before it has a token; nothing secret. */
export function configRoutes({ publicConfig }: { publicConfig: ServerConfig }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/config", (c) => {
    expectNoQuery(c);
    return c.json(publicConfig);
  });
}
