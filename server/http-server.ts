import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Logger } from "pino";
import { ApiError, STATUS_BY_CODE } from "../lib/protocol/errors.ts";
import { errorBody } from "./middleware/errors.ts";
import { hostnameOf } from "./middleware/origin-check.ts";
import type { HttpEnv } from "./routes/http-env.ts";

/** Serves the app over HTTP/1.1. What is refused before the app sees it is answered in the contract's form too. */
export function createHttpServer(app: Hono<HttpEnv>, logger: Logger): Server {
  const answer = getRequestListener(app.fetch, {
    errorHandler: (error) => refused(error, logger),
    // The model and tool SDKs in this process compare with the built-in Response.
    overrideGlobalObjects: false,
  });
  const listener: RequestListener = (incoming, outgoing) => {
    // The adapter makes a URL of it before the app can look at it.
    if (hostnameOf(incoming.headers.host) === undefined) incoming.headers.host = NO_HOST;
    return answer(incoming, outgoing);
  };
  return createServer(listener)
    .on("checkExpectation", listener)
    .on("clientError", (error, socket) => answerBrokenRequest(error, socket));
}

/** Listens and resolves with the port. Rejects with the reason, such as EADDRINUSE. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

/** Milliseconds that answers on their way get to reach their clients when the server closes. */
const LAST_WRITES_MS = 1_000;

/** Takes no more connections, closes the idle ones, and cuts what is left after a moment. */
export async function closeHttpServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
  const cut = setTimeout(() => server.closeAllConnections(), LAST_WRITES_MS);
  await closed.finally(() => clearTimeout(cut));
}

/** Stands for a Host that is none; reserved (RFC 6761), so it is never ours. */
const NO_HOST = "host.invalid";

function refused(error: unknown, logger: Logger): Response {
  const requestId = randomUUID();
  const apiError = refusal(error);
  const status = STATUS_BY_CODE[apiError.code];
  logger[status === 500 ? "error" : "info"]({ requestId, status, err: error }, "request refused");
  return Response.json(errorBody(apiError, requestId), { status, headers: { "Cache-Control": "no-store" } });
}

/** The adapter refuses addresses that make no URL. */
function refusal(error: unknown): ApiError {
  return error instanceof Error && error.name === "RequestError"
    ? new ApiError("bad_request", "The address of the request is not valid.")
    : new ApiError("internal", "Something went wrong in the server. Its log has the details.");
}

/** What is not HTTP, or has too large headers. A socket that got an answer before is closed: it may be in the middle of one. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex & { bytesWritten?: number }): void {
  if (!socket.writable || error.code === "ECONNRESET" || (socket.bytesWritten ?? 0) > 0) {
    socket.destroy();
    return;
  }
  const apiError =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new ApiError("too_large", "The headers of the request are too large.")
      : new ApiError("bad_request", "The request is not valid HTTP.");
  const body = JSON.stringify(errorBody(apiError, randomUUID()));
  const status = apiError.code === "too_large" ? "413 Content Too Large" : "400 Bad Request";
  const headers = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}
