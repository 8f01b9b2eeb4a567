import { createMiddleware } from "hono/factory";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { TokenVerifier } from "../ports/token-verifier.ts";
import type { HttpEnv } from "../routes/http-env.ts";

/** Lets in who carries a token that the verifier knows; public paths are open to all. */
export function authenticate(options: { verifier: TokenVerifier; publicPaths: ReadonlySet<string> }) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    if (options.publicPaths.has(c.req.path)) return next();
    const token = /^Bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    const user = token === undefined ? undefined : await options.verifier.verify(token);
    if (user === undefined) {
      throw new ApiError("unauthorized", "A valid token is needed. Pair this device with the server first.");
    }
    c.set("userId", user.id);
    return next();
  });
}
