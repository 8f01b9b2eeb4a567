import { Hono } from "hono";
import { changesQuerySchema } from "../../lib/protocol/requests.ts";
import type { Store } from "../ports/store.ts";
import type { HttpEnv } from "./http-env.ts";
import { parseQuery } from "./parse.ts";

/** Rows of history that are newer than a cursor. */
export function changesRoutes({ store }: { store: Store }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/changes", async (c) => {
    const { after, limit } = parseQuery(c, changesQuerySchema);
    return c.json(await store.changes(c.get("userId"), { ...(after !== undefined && { after }), limit }));
  });
}
