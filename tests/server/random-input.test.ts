import fc from "fast-check";
import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, expect, it } from "vitest";
import { changesSchema } from "../../lib/protocol/responses.ts";
import { type ApiCall, apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
const done = turnBody();
let before: unknown;

beforeAll(async () => {
  server = await startScriptedServer(() => say("Yes."), { env: { RATE_LIMIT_PER_MINUTE: "1000000" } });
  const options = { token: server.token, method: "POST", body: done };
  await (await openEventSource(`${server.url}/api/chat/stream`, options)).rest();
  before = await history();
});
afterAll(async () => {
  expect(await history()).toEqual(before);
  expect(server.upstream.requests).toHaveLength(1);
  await server.close();
});

const call = (path: string, options: ApiCall = {}) => apiCall(server.url + path, { token: server.token, ...options });
const history = async () => changesSchema.parse((await call("/api/changes?limit=200")).json);

const CALLERS_OWN = ["bad_request", "not_found", "rate_limited"];
const postRoutes = fc.constantFrom(
  ["POST", "/api/turns"],
  ["POST", "/api/chat/stream"],
  ["POST", "/api/pair"],
  ["POST", `/api/turns/${done.turnId}/stop`],
  ["POST", `/api/turns/${done.turnId}/calls/x`],
  ["PATCH", `/api/conversations/${done.conversationId}`],
  ["DELETE", `/api/conversations/${done.conversationId}`],
  ["PATCH", "/api/settings"],
);
/** Never `{}`, which says nothing and is a fine body where none is taken. */
const anyJson = fc.jsonValue({ maxDepth: 4 }).filter((value) => JSON.stringify(value) !== "{}");

it("refuses any JSON in any body as the caller's fault", async () => {
  const property = fc.asyncProperty(postRoutes, anyJson, async ([method, path], body) => {
    expect(CALLERS_OWN).toContain(
      errorOf(await call(path ?? "", { method: method ?? "", body: JSON.stringify(body) })),
    );
  });
  await fc.assert(property, { numRuns: 300 });
});

it("refuses any bytes in any body as the caller's fault", async () => {
  const property = fc.asyncProperty(postRoutes, fc.uint8Array({ minLength: 1 }), async ([method, path], body) => {
    const isNothing = Buffer.from(body).toString().trim() === "{}";
    fc.pre(!isNothing);
    expect(CALLERS_OWN).toContain(errorOf(await call(path ?? "", { method: method ?? "", body })));
  });
  await fc.assert(property, { numRuns: 200 });
});

it("refuses a turn of which one value has another type", async () => {
  const paths = pathsOf(turnBody());
  const property = fc.asyncProperty(fc.constantFrom(...paths), anyJson, async (path, value) => {
    const body = turnBody();
    fc.pre(typeof value !== typeof valueAt(body, path) || (value === null && path.at(-1) !== "parentId"));
    expect(CALLERS_OWN).toContain(
      errorOf(await call("/api/turns", { method: "POST", body: replaced(body, path, value) })),
    );
  });
  await fc.assert(property, { numRuns: 300 });
});

it("answers any query, path and Last-Event-ID without a fault of its own", async () => {
  const id = fc.oneof(fc.constantFrom(done.turnId, done.conversationId, uuid()), fc.string());
  const path = fc.oneof(
    fc.constantFrom(
      "/api/changes",
      "/api/conversations",
      "/api/search",
      "/api/feed",
      "/api/models",
      "/api/session",
      "/api/settings",
    ),
    id.map((value) => `/api/turns/${encodeURIComponent(value)}/events`),
    id.map((value) => `/api/conversations/${encodeURIComponent(value)}/messages`),
  );
  const name = fc.oneof(fc.constantFrom("after", "before", "limit", "q", "turns"), fc.string());
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.nat().map(String),
    id.map((turn) => `${turn}:1`),
  );
  const query = fc.array(fc.tuple(name, value), { maxLength: 3 });
  const property = fc.asyncProperty(path, query, fc.option(fc.nat()), async (address, fields, seen) => {
    const search = fields.map(
      ([key, text]) => `${encodeURIComponent(wellFormed(key))}=${encodeURIComponent(wellFormed(text))}`,
    );
    const stream = await openEventSource(`${server.url}${address}?${search.join("&")}`, {
      token: server.token,
      ...(seen !== null && { lastEventId: seen }),
    });
    stream.close();
    expect([200, 204, 400, 404]).toContain(stream.status);
  });
  await fc.assert(property, { numRuns: 400 });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function valueAt(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return value;
  return valueAt(new Map<string | number, unknown>(entriesOf(value)).get(key), rest);
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  const entries = entriesOf(value).map(
    ([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner] as const,
  );
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

function entriesOf(value: object): [string | number, unknown][] {
  return Array.isArray(value) ? [...value.entries()] : Object.entries(value);
}

/** Half a surrogate pair cannot be written into a URL. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}
