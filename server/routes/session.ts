import { Hono } from "hono";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery } from "./parse.ts";

/** Who the token stands for. */
export function sessionRoutes(): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/session", (c) => {
    expectNoQuery(c);
    return c.json({ user: { id: c.get("userId") } });
  });
}
