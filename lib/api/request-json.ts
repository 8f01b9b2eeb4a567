import type * as z from "zod";
import { ApiError } from "../protocol/errors.ts";
import { readRefusal } from "./read-refusal.ts";
import { UnreachableError } from "./unreachable.ts";

export type ApiAccess = {
  /** Where the server listens, without a path. */
  baseUrl: string;
  getToken: GetToken;
  fetch: typeof globalThis.fetch;
};

/**
 * The bearer token, asked for each request; undefined while there is none. May fail: it is somebody else's word. `fresh`: the
 * server has just refused one as expired, so it must be another one, whatever this device thinks of the time.
 */
export type GetToken = (options?: { fresh: boolean }) => Promise<string | undefined>;

export type ApiRequest<T> = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  reply: z.ZodType<T>;
  signal?: AbortSignal;
  /** Milliseconds for the whole exchange. */
  timeoutMs?: number;
};

/**
 * One request of the contract. Fails with ApiError, with UnreachableError, with the reason of `signal`, or as `getToken`
 * does.
 */
export async function requestJson<T>(access: ApiAccess, request: ApiRequest<T>): Promise<T> {
  const limit = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  const response = await accepted((fresh) => exchange(access, request, { fresh, signal }));
  try {
    return request.reply.parse(response.status === 204 ? undefined : await response.json());
  } catch (cause) {
    request.signal?.throwIfAborted();
    throw new UnreachableError("The server's reply could not be read.", { cause });
  }
}

/**
 * What `ask` was answered with, or the refusal as an error. A token can expire on its way: `ask` is called once more then,
 * to take a fresh one.
 */
export async function accepted(ask: (fresh: boolean) => Promise<Response>): Promise<Response> {
  const first = await ask(false);
  if (first.ok) return first;
  const refusal = await readRefusal(first);
  if (!(refusal instanceof ApiError) || refusal.reason !== "expired_token") throw refusal;
  const second = await ask(true);
  if (second.ok) return second;
  throw await readRefusal(second);
}

/** The headers of a request that needs the person's token. */
export async function authorization(access: ApiAccess, fresh: boolean): Promise<Record<string, string>> {
  const token = await access.getToken({ fresh });
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The address of a route; parameters that are undefined are left out. */
export function addressOf(baseUrl: string, path: string, query: ApiRequest<unknown>["query"] = {}): string {
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

async function exchange(
  access: ApiAccess,
  request: Pick<ApiRequest<unknown>, "method" | "path" | "query" | "body" | "signal">,
  { fresh, signal }: { fresh: boolean; signal: AbortSignal },
): Promise<Response> {
  const { method, path, query, body } = request;
  const headers = {
    ...(await authorization(access, fresh)),
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  try {
    return await access.fetch(addressOf(access.baseUrl, path, query), {
      method,
      headers,
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    request.signal?.throwIfAborted();
    const tookTooLong = cause instanceof DOMException && cause.name === "TimeoutError";
    throw new UnreachableError(tookTooLong ? "The server took too long to answer." : "The server cannot be reached.", {
      cause,
    });
  }
}

const TIMEOUT_MS = 20_000;
