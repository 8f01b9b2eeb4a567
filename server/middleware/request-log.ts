import { createMiddleware } from "hono/factory";
import type { Logger } from "pino";
import type { HttpEnv } from "../routes/http-env.ts";
import { routePattern } from "./known-route.ts";

/**
 * One line per request. The pattern stands for the path and the query is left out: ids are for the log of turns, and
 * what people search for is nobody's business. An event stream is logged when it opens.
 */
export function requestLog(options: {
  logger: Logger;
  onRequest: (request: { method: string; route: string; status: number }) => void;
}) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const start = performance.now();
    await next();
    const request = { method: c.req.method, route: routePattern(c) ?? "unknown", status: statusOf(c) };
    options.onRequest(request);
    const ms = Math.round(performance.now() - start);
    options.logger.info({ requestId: c.get("requestId"), ...request, ms }, "request");
  });
}

/** Answers written to Node's response directly carry their status there. */
function statusOf(c: { env: HttpEnv["Bindings"]; res: Response }): number {
  return c.env.outgoing.headersSent ? c.env.outgoing.statusCode : c.res.status;
}
