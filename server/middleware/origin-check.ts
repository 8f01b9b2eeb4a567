import { createMiddleware } from "hono/factory";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { HttpEnv } from "../routes/http-env.ts";

/**
 * Keeps web pages out, however they come: another Origin (CORS), no Origin but a browser's own word that the request is
 * cross-site (images, forms, no-cors fetch), or our address under a name of theirs (DNS rebinding: `isOwnHost` decides).
 * Programs without a browser send no Origin and pass. Preflights are answered here, because they carry no token.
 */
export function originCheck(options: {
  allowedOrigins: ReadonlySet<string>;
  isOwnHost: (hostname: string) => boolean;
}) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const hostname = hostnameOf(c.env.incoming.headers.host);
    if (hostname === undefined || !options.isOwnHost(hostname)) {
      throw new ApiError("forbidden", "This server does not answer to that host name.");
    }
    const origin = c.req.header("Origin");
    c.header("Vary", "Origin");
    if (origin === undefined) {
      if (CROSS_SITE.has(c.req.header("Sec-Fetch-Site") ?? "")) throw forbiddenOrigin();
      return next();
    }
    if (!options.allowedOrigins.has(origin) && !FIREFOX_EXTENSION.test(origin)) throw forbiddenOrigin();
    c.header("Access-Control-Allow-Origin", origin);
    if (c.req.method !== "OPTIONS" || c.req.header("Access-Control-Request-Method") === undefined) {
      c.header("Access-Control-Expose-Headers", "Retry-After, X-Request-Id");
      return next();
    }
    c.header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
    c.header("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID");
    c.header("Access-Control-Max-Age", "600");
    // Chrome asks this before a request from the internet's address space reaches this machine.
    if (c.req.header("Access-Control-Request-Private-Network") === "true") {
      c.header("Access-Control-Allow-Private-Network", "true");
    }
    return c.body(null, 204);
  });
}

/**
 * Firefox makes the id of an extension's pages anew at each installation, so that it cannot be listed. No web page has an
 * origin of this form, and another extension that has it still needs a token.
 */
const FIREFOX_EXTENSION = /^moz-extension:\/\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const CROSS_SITE = new Set(["cross-site", "same-site"]);

function forbiddenOrigin(): ApiError {
  return new ApiError("forbidden", "This origin may not use the server. ALLOWED_ORIGINS lists the ones that may.");
}

/** The name in a Host header, without port and brackets; undefined when it is not a Host header's value. */
export function hostnameOf(host: string | undefined): string | undefined {
  const match = /^(?:\[([0-9a-f:]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
