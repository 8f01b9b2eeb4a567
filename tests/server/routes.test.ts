import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  changesSchema,
  configSchema,
  conversationsSchema,
  messagesSchema,
  modelsSchema,
  searchSchema,
  startedTurnSchema,
  toolsSchema,
} from "../../lib/protocol/responses.ts";
import { type ApiCall, apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say, stall, text } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer(() => say("The answer is 42."));
});
afterAll(() => server.close());

const call = (path: string, options: ApiCall = {}) => apiCall(server.url + path, { token: server.token, ...options });
const follow = (path: string, lastEventId?: number) =>
  openEventSource(server.url + path, { token: server.token, ...(lastEventId !== undefined && { lastEventId }) });

/** Runs one turn to its end. */
async function finishedTurn(body = turnBody()) {
  expect((await call("/api/turns", { method: "POST", body })).status).toBe(202);
  const frames = await (await follow(`/api/turns/${body.turnId}/events`)).rest();
  return { body, frames, last: frames.length };
}

describe("what needs no turn", () => {
  it("says who it is and how it is", async () => {
    expect(configSchema.parse((await apiCall(`${server.url}/api/config`)).json)).toMatchObject({ auth: "local" });
    expect((await apiCall(`${server.url}/health`)).json).toEqual({ status: "ok" });
    const ready = await apiCall(`${server.url}/ready`);
    expect(ready).toMatchObject({
      status: 200,
      json: { status: "ready", checks: { store: "ok", log: "ok", model: "ok" } },
    });
    expect((await call("/api/session")).json).toEqual({ user: { id: "local" } });
  });

  it("lists models and tools", async () => {
    expect(modelsSchema.parse((await call("/api/models")).json).models).toHaveLength(1);
    expect(toolsSchema.parse((await call("/api/tools")).json)).toEqual({ servers: [] });
  });

  it("counts what it does", async () => {
    await finishedTurn();
    const { text, headers } = await apiCall(`${server.url}/metrics`);
    expect(headers["content-type"]).toContain("text/plain; version=0.0.4");
    expect(text).toMatch(/^sidestream_turns_started_total [1-9]/m);
    expect(text).toMatch(/^sidestream_turns_ended_total\{end="completed",code=""\} [1-9]/m);
    expect(text).toMatch(/^sidestream_turns_running 0$/m);
    expect(text).toMatch(/^sidestream_events_appended_total [1-9]/m);
    expect(text).toMatch(/^sidestream_http_requests_total\{method="POST",route="\/api\/turns",status="202"\} [1-9]/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).not.toContain("undefined");
  });
});

describe("turns", () => {
  it("start, are followed, and are found in history", async () => {
    const { body, frames } = await finishedTurn(turnBody({ text: "What about the zebra crossing?" }));
    expect(frames.map(({ id }) => Number(id))).toEqual(frames.map((_, index) => index + 1));
    expect(JSON.parse(frames[0]?.data ?? "").type).toBe("started");
    expect(JSON.parse(frames.at(-1)?.data ?? "").type).toBe("completed");
    expect(frames.every(({ event }) => event === undefined)).toBe(true);

    const path = `/api/conversations/${body.conversationId}`;
    const { messages } = messagesSchema.parse((await call(`${path}/messages`)).json);
    expect(messages.map(({ role, status }) => [role, status])).toEqual([
      ["user", "complete"],
      ["assistant", "complete"],
    ]);
    const { conversations } = conversationsSchema.parse((await call("/api/conversations?limit=1")).json);
    expect(conversations[0]?.id).toBe(body.conversationId);
    const { hits } = searchSchema.parse((await call("/api/search?q=zebra")).json);
    expect(hits[0]?.conversationId).toBe(body.conversationId);
    const patched = await call(path, { method: "PATCH", body: { title: "Zebras", pinned: true } });
    expect(patched).toMatchObject({ status: 200, json: { title: "Zebras", pinned: true } });
    expect(await call(path, { method: "DELETE" })).toMatchObject({ status: 204, text: "" });
    for (const [gone, options] of [
      [path, { method: "DELETE" }],
      [path, { method: "PATCH", body: { pinned: true } }],
      [`${path}/messages`, {}],
      [`/api/turns/${body.turnId}/events`, {}],
      [`/api/turns/${body.turnId}/stop`, { method: "POST" }],
    ] as const) {
      expect(errorOf(await call(gone, options))).toBe("not_found");
    }
    const { changes } = changesSchema.parse((await call("/api/changes?limit=200")).json);
    expect(changes.at(-1)).toEqual({ kind: "deleted", of: "conversation", id: body.conversationId });
  });

  it("answer a resent request as the first one, whatever its body", async () => {
    const { body } = await finishedTurn();
    const first = startedTurnSchema.parse((await call("/api/turns", { method: "POST", body })).json);
    const other = { turnId: body.turnId, conversationId: uuid(), nonsense: true };
    expect(await call("/api/turns", { method: "POST", body: other })).toMatchObject({ status: 202, json: first });
    expect(first).toMatchObject({ turnId: body.turnId, userMessageId: body.message.id });
  });

  it("are resumed behind a number, the header winning over the query", async () => {
    const { body, frames, last } = await finishedTurn();
    const path = `/api/turns/${body.turnId}/events`;
    expect(await (await follow(`${path}?after=1`)).rest()).toEqual(frames.slice(1));
    expect(await (await follow(path, 2)).rest()).toEqual(frames.slice(2));
    expect(await (await follow(`${path}?after=0`, 2)).rest()).toEqual(frames.slice(2));
    expect(await (await follow(`${path}?after=999`, 2)).rest()).toEqual(frames.slice(2));
    expect(await call(`${path}?after=${last}`)).toMatchObject({ status: 204, text: "" });
    expect(errorOf(await call(`${path}?after=${last + 1}`))).toBe("bad_request");
    expect(errorOf(await call(path, { headers: { "last-event-id": "x" } }))).toBe("bad_request");
  });

  it("say that they have ended when they are stopped then", async () => {
    const { body } = await finishedTurn();
    expect(await call(`/api/turns/${body.turnId}/stop`, { method: "POST" })).toMatchObject({ status: 200, json: {} });
    expect(await call(`/api/turns/${body.turnId}/stop`, { method: "POST", body: {} })).toMatchObject({ status: 200 });
  });

  it("are started and followed in one call, and again by the same call", async () => {
    const body = turnBody();
    const options = { token: server.token, method: "POST", body };
    const stream = await openEventSource(`${server.url}/api/chat/stream`, options);
    expect(stream.status).toBe(200);
    expect(stream.headers["content-type"]).toContain("text/event-stream");
    expect(stream.headers.connection).toBe("close");
    expect(stream.headers["transfer-encoding"]).toBeUndefined();
    expect(stream.headers["x-request-id"]).toBeDefined();
    expect(stream.headers["x-content-type-options"]).toBe("nosniff");
    const frames = await stream.rest();
    expect(await (await openEventSource(`${server.url}/api/chat/stream`, options)).rest()).toEqual(frames);
    const again = { ...options, lastEventId: 2 };
    expect(await (await openEventSource(`${server.url}/api/chat/stream`, again)).rest()).toEqual(frames.slice(2));
  });

  it("refuse a second turn in a running conversation, and can be stopped", async () => {
    server.upstream.play(() => ({ steps: [text("begun"), stall] }));
    const body = turnBody();
    const stream = await openEventSource(`${server.url}/api/chat/stream`, {
      token: server.token,
      method: "POST",
      body,
    });
    await stream.until(({ data }) => data.includes("begun"));
    const second = turnBody({ conversationId: body.conversationId });
    expect(errorOf(await call("/api/turns", { method: "POST", body: second }))).toBe("turn_running");
    expect(await call(`/api/turns/${body.turnId}/stop`, { method: "POST" })).toMatchObject({ status: 202, json: {} });
    expect(JSON.parse((await stream.rest()).at(-1)?.data ?? "").type).toBe("stopped");
    server.upstream.play(() => say("The answer is 42."));
  });
});
