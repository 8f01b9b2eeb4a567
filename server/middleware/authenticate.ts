import { createMiddleware } from "hono/factory";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { TokenVerifier } from "../ports/token-verifier.ts";
import type { HttpEnv } from "../routes/http-env.ts";

/** Lets in who carries a token that the verifier knows; public paths are open to all. */
export function authenticate(options: { verifier: TokenVerifier; publicPaths: ReadonlySet<string> }) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    if (options.publicPaths.has(c.req.path)) return next();
    const token = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    const verified = token === undefined ? NO_TOKEN : await options.verifier.verify(token);
    if (!verified.ok) {
      const { reason } = verified;
      throw new ApiError("unauthorized", "A valid token is needed: pair this device, or sign in again.", { reason });
    }
    c.set("userId", verified.user.id);
    c.set("tokenExpiresAt", verified.expiresAt);
    return next();
  });
}

const NO_TOKEN = { ok: false, reason: "no_token" } as const;
