import { Hono } from "hono";
import { searchQuerySchema } from "../../lib/protocol/requests.ts";
import type { Store } from "../ports/store.ts";
import type { HttpEnv } from "./http-env.ts";
import { parseQuery } from "./parse.ts";

/** Full-text search in the user's messages. */
export function searchRoutes({ store }: { store: Store }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/search", async (c) =>
    c.json({ hits: await store.search(c.get("userId"), parseQuery(c, searchQuerySchema)) }),
  );
}
