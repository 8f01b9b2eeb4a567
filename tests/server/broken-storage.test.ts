import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "../../lib/protocol/errors.ts";
import { messagesSchema } from "../../lib/protocol/responses.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import type { Script } from "../fixtures/scripted-upstream.ts";
import { createStorageFault } from "../fixtures/storage-fault.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say, stall, text, until } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
afterEach(() => server.close());

const post = (path: string, body?: unknown) =>
  apiCall(server.url + path, { token: server.token, method: "POST", body });
const chat = (body: unknown) =>
  openEventSource(`${server.url}/api/chat/stream`, { token: server.token, method: "POST", body });

async function startWithBrokenLog(script: Script, methods: readonly ("append" | "settle" | "finish")[]) {
  const fault = createStorageFault();
  server = await startScriptedServer(script, {
    adapt: (adapters) => ({ ...adapters, log: fault.guard(adapters.log, methods) }),
  });
  return fault;
}

const unavailable = () => Promise.reject(new ApiError("unavailable", "The history cannot be reached right now."));

describe("a log that cannot commit", () => {
  it("ends the turn with what was committed and stops the model at once", async () => {
    const gate = Promise.withResolvers<void>();
    const steps = [text("kept "), until(gate.promise), text("lost "), stall];
    const fault = await startWithBrokenLog({ steps }, ["append", "settle"]);
    const body = turnBody();
    const reader = await chat(body);
    const seen = await reader.until(({ data }) => data.includes("kept "));
    fault.begin();
    gate.resolve();
    await server.upstream.requests[0]?.closed;
    // The end is not committed, so the turn has not ended.
    expect((await post(`/api/turns/${body.turnId}/stop`)).status).toBe(202);
    fault.end();
    const events = numbered([...seen, ...(await reader.rest())]);
    expect(ends(events)).toMatchObject([{ type: "failed", code: "internal", retryable: true }]);
    const saved = await savedAnswer(server, body.conversationId);
    expect(saved.status).toBe("failed");
    expect(textOf(saved.parts)).toBe("kept ");
    expect(textOf(fold(events).parts)).toBe("kept ");
    expect((await post(`/api/turns/${body.turnId}/stop`)).status).toBe(200);
  });

  it.each(["settle", "finish"] as const)("when a turn ends (%s) puts the end off, no more", async (method) => {
    const fault = await startWithBrokenLog(() => say("whole"), [method]);
    fault.begin();
    const body = turnBody();
    const reader = await chat(body);
    const seen = await reader.until(({ data }) => data.includes("whole"));
    await fault.met;
    expect(errorOf(await post("/api/turns", turnBody({ conversationId: body.conversationId })))).toBe("turn_running");
    fault.end();
    expect(ends(numbered([...seen, ...(await reader.rest())]))).toEqual([{ type: "completed", finishReason: "stop" }]);
    expect(await savedAnswer(server, body.conversationId)).toMatchObject({ status: "complete" });
  });

  it("does not keep the server from closing", async () => {
    const fault = await startWithBrokenLog(() => say("whole"), ["settle"]);
    fault.begin();
    await (await chat(turnBody())).until(({ data }) => data.includes("whole"));
    await fault.met;
    await server.close();
    server = await startScriptedServer(() => say("for the afterEach"));
  });
});

describe("a history that cannot be reached when a turn begins", () => {
  it.each(["openTurn", "hasConversation", "path"] as const)("puts the answer off, no more (%s)", async (method) => {
    const fault = createStorageFault(unavailable);
    server = await startScriptedServer(() => say("whole"), {
      adapt: (adapters) => ({ ...adapters, store: fault.guard(adapters.store, [method]) }),
    });
    const first = turnBody();
    await (await chat(first)).rest();
    const { id: parentId } = await savedAnswer(server, first.conversationId);
    const body = turnBody({ conversationId: first.conversationId, parentId });
    fault.begin();
    const refused = method === "path" ? [] : [errorOf(await post("/api/turns", body))];
    expect(refused).toEqual(method === "path" ? [] : ["unavailable"]);
    const reader = await chat(body);
    await fault.met;
    fault.end();
    expect(ends(numbered(await reader.rest()))).toEqual([{ type: "completed", finishReason: "stop" }]);
    const path = `/api/conversations/${first.conversationId}/messages`;
    const { json } = await apiCall(server.url + path, { token: server.token });
    expect(messagesSchema.parse(json).messages.map(({ status }) => status)).toEqual(Array(4).fill("complete"));
    expect(server.upstream.requests).toHaveLength(2);
  });

  it("does not keep the turn from being stopped", async () => {
    const fault = createStorageFault(unavailable);
    server = await startScriptedServer(() => say("whole"), {
      adapt: (adapters) => ({ ...adapters, store: fault.guard(adapters.store, ["openTurn"]) }),
    });
    fault.begin();
    const body = turnBody();
    expect(errorOf(await post("/api/turns", body))).toBe("unavailable");
    const reader = await chat(body);
    expect((await post(`/api/turns/${body.turnId}/stop`)).status).toBe(202);
    fault.end();
    expect(ends(numbered(await reader.rest()))).toEqual([{ type: "stopped" }]);
    expect(await savedAnswer(server, body.conversationId)).toMatchObject({ status: "stopped", parts: [] });
    expect(server.upstream.requests).toEqual([]);
  });
});

describe("a history that", () => {
  it.each<[string, () => unknown]>([
    ["fails", unavailable],
    ["hangs", () => new Promise<never>(() => undefined)],
  ])(
    "%s keeps no running answer from a device that connects, and tells it of changes when it is back",
    async (_, fail) => {
      const fault = createStorageFault(fail);
      const gate = Promise.withResolvers<void>();
      server = await startScriptedServer(
        { steps: [text("begun "), until(gate.promise), ...say("whole").steps] },
        { adapt: (adapters) => ({ ...adapters, store: fault.guard(adapters.store, ["changes", "cursor"]) }) },
      );
      const body = turnBody();
      await post("/api/turns", body);
      fault.begin();
      const feed = await openEventSource(`${server.url}/api/feed`, { token: server.token });
      await feed.until(({ data }) => data.includes("begun "));
      fault.end();
      if (fail === unavailable) await feed.until(({ event }) => event === "change");
      gate.resolve();
      await feed.until(({ data }) => data.includes('"type":"completed"'));
      feed.close();
    },
  );
});
