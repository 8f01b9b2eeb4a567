import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { METHOD_NAME_ALL } from "hono/router";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { HttpContext, HttpEnv } from "../routes/http-env.ts";

/** Refuses what no route answers before the body is looked at; a wrong method is an unknown route. */
export const knownRoute = createMiddleware<HttpEnv>(async (c, next) => {
  // Hono answers HEAD with the route of GET; here that would open event streams that nobody can read.
  if (c.req.method === "HEAD" || routePattern(c) === undefined) {
    throw new ApiError("not_found", "There is no such address.");
  }
  await next();
});

/** The pattern of the route that answers, such as `/api/turns/:turnId/events`; undefined when there is none. */
export function routePattern(c: HttpContext): string | undefined {
  return matchedRoutes(c).find(({ method }) => method !== METHOD_NAME_ALL)?.path;
}
