import { Hono } from "hono";
import { feedQuerySchema } from "../../lib/protocol/requests.ts";
import type { Store } from "../ports/store.ts";
import type { HttpEnv } from "./http-env.ts";
import { parseQuery } from "./parse.ts";
import type { StreamDeps } from "./streams/follow-turn.ts";
import { followUser } from "./streams/follow-user.ts";

/** The one stream of a device: the events of all running turns of its user, and notices of change. */
export function feedRoutes(deps: StreamDeps & { store: Store }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/feed", (c) => {
    const { after, turns } = parseQuery(c, feedQuerySchema);
    return followUser(c, deps, { userId: c.get("userId"), after, turns: turns ?? new Map() });
  });
}
