import type { IncomingMessage } from "node:http";
import { createMiddleware } from "hono/factory";
import { ApiError } from "../../lib/protocol/errors.ts";
import { LIMITS } from "../../lib/protocol/limits.ts";
import type { HttpEnv } from "../routes/http-env.ts";

/**
 * Reads the body, however it is sent, and refuses one over the limit. What is too long is still read to its end, so
 * that the client gets to the answer instead of a broken connection.
 */
export const bodyLimit = createMiddleware<HttpEnv>(async (c, next) => {
  const body = await readBody(c.env.incoming, LIMITS.bodyBytes);
  if (body === undefined) {
    throw new ApiError("too_large", `The body is over the limit of ${LIMITS.bodyBytes} bytes.`);
  }
  c.set("body", body);
  await next();
});

/** Bytes after which a client that goes on sending is left to its broken connection. */
const MOST_DRAINED = 64 * 1024 * 1024;

async function readBody(incoming: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      if (!(chunk instanceof Uint8Array)) continue;
      size += chunk.byteLength;
      if (size > MOST_DRAINED) return undefined;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch (cause) {
    throw new ApiError("bad_request", "The body ended before it was complete.", { cause });
  }
  return size <= limit ? Buffer.concat(chunks) : undefined;
}
