import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** What the middleware leaves for the routes. */
export type HttpEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Set on every path that is not public. */
    userId: string;
    /** Milliseconds since 1970; undefined for a token that does not expire. */
    tokenExpiresAt: number | undefined;
    /** The whole body, within the limit of size; empty when there is none. */
    body: Uint8Array;
  };
};

export type HttpContext = Context<HttpEnv>;
