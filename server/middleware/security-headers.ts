import { createMiddleware } from "hono/factory";
import type { HttpEnv } from "../routes/http-env.ts";

/** The API is data for programs: nothing of it is stored, framed, sniffed, run or embedded by a page. */
export const securityHeaders = createMiddleware<HttpEnv>(async (c, next) => {
  c.header("Cache-Control", "no-store");
  c.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  c.header("Cross-Origin-Resource-Policy", "same-origin");
  c.header("Referrer-Policy", "no-referrer");
  c.header("X-Content-Type-Options", "nosniff");
  await next();
});
