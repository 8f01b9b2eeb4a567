import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { createResponseBody, type ResponseBody, readText } from "./response-body.ts";

/** Carries one call of the SDK with its retries: the `fetch` to send with, and the body that the SDK never sees. */
export type Transport = {
  fetch(url: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Whether a request waits for its answer. False in the SDK's pause before a retry. */
  isSending(): boolean;
  /** The body of the successful response; undefined before it. */
  body(): ResponseBody | undefined;
};

/** Bytes of an error body that are worth reading. */
const ERROR_BYTES = 64 * 1024;

/**
 * Sends with Node's own client: any number of connections to one host, and no redirects, so that the key goes nowhere
 * but to the configured address. The body of an error is read at once, for the SDK to explain. `onSend` is called as
 * each try begins.
 */
export function createTransport(onSend?: () => void): Transport {
  let sending = false;
  let opened: ResponseBody | undefined;
  return {
    async fetch(url, init = {}) {
      sending = true;
      onSend?.();
      try {
        const message = await send(new URL(url instanceof Request ? url.url : url), init);
        const body = createResponseBody(message);
        const status = message.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          opened = body;
          return new Response(null, { status });
        }
        const text = await readUnlessAborted(body, init.signal ?? undefined);
        return new Response(text === "" ? null : text, { status, headers: errorHeaders(message) });
      } finally {
        sending = false;
      }
    },
    isSending: () => sending,
    body: () => opened,
  };
}

/** Nothing here may hold the request's body once it is sent: idle streams are many and prompts are long. */
async function send(url: URL, { method = "GET", headers, body, signal }: RequestInit): Promise<IncomingMessage> {
  if (body !== undefined && body !== null && typeof body !== "string") throw new TypeError("the body must be a string");
  signal?.throwIfAborted();
  const { request } = url.protocol === "https:" ? https : http;
  const sent = request(url, { method, headers: sentHeaders(headers) });
  const response = responseTo(sent, signal ?? undefined);
  sent.end(body ?? undefined);
  return await response;
}

/** Without the SDK's account of this machine (system, runtime, versions), which is nobody's business and not small. */
function sentHeaders(headers: RequestInit["headers"]): Record<string, string> {
  return Object.fromEntries([...new Headers(headers)].filter(([name]) => !name.startsWith("x-stainless-")));
}

function responseTo(sent: http.ClientRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const abort = () => sent.destroy(new Error("the request was aborted"));
  signal?.addEventListener("abort", abort, { once: true });
  sent.once("response", resolve).once("error", reject);
  return promise.finally(() => {
    signal?.removeEventListener("abort", abort);
    sent.removeAllListeners("response").off("error", reject).on("error", toldByBody);
  });
}

/** Behind the response the body tells each error of the connection; a second word about it must only not crash us. */
function toldByBody(): undefined {
  return undefined;
}

async function readUnlessAborted(body: ResponseBody, signal: AbortSignal | undefined): Promise<string> {
  const abort = () => body.release(false);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await readText(body, ERROR_BYTES);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function errorHeaders({ headers }: IncomingMessage): Headers {
  const kept = new Headers();
  for (const name of ["retry-after", "x-request-id"]) {
    const value = headers[name];
    if (typeof value === "string") kept.set(name, value);
  }
  // Who is told when to come back decides for himself; the SDK would wait up to a minute without a word.
  if (kept.has("retry-after")) kept.set("x-should-retry", "false");
  return kept;
}
