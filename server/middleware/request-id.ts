import { randomUUID } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { HttpEnv } from "../routes/http-env.ts";

/** Gives each request an id of our own making; it is in the answer, in errors and in the log. */
export const requestId = createMiddleware<HttpEnv>(async (c, next) => {
  const id = randomUUID();
  c.set("requestId", id);
  c.header("X-Request-Id", id);
  await next();
});
