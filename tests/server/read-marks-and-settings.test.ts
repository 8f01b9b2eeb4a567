import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Conversation, conversationSchema } from "../../lib/protocol/messages.ts";
import { changesSchema, conversationsSchema, messagesSchema } from "../../lib/protocol/responses.ts";
import { type ApiCall, apiCall } from "../fixtures/api-call.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer(() => say("The answer is 42."));
});
afterAll(() => server.close());

const call = (path: string, options: ApiCall = {}) => apiCall(server.url + path, { token: server.token, ...options });
const changes = async (query = "limit=200") => changesSchema.parse((await call(`/api/changes?${query}`)).json);
const openFeed = (query: string) => openEventSource(`${server.url}/api/feed?${query}`, { token: server.token });

describe("read marks", () => {
  it("make an answer read on every device, and the next one is unread again", async () => {
    const body = turnBody();
    await finish(body);
    expect(await listed(body.conversationId)).toMatchObject({ unread: true });
    const { cursor } = await changes();
    const feed = await openFeed(`after=${cursor}`);
    const answerId = await newestMessage(body.conversationId);
    const marked = await patch(body.conversationId, { readUpTo: answerId });
    expect(marked).toMatchObject({ unread: false });
    await feed.until(({ event }) => event === "change");
    feed.close();
    const page = await changes(`after=${cursor}`);
    expect(page.changes).toEqual([{ kind: "conversation", conversation: marked }]);

    expect(await patch(body.conversationId, { readUpTo: body.message.id })).toEqual(marked);
    expect(await patch(body.conversationId, { readUpTo: answerId })).toEqual(marked);
    expect((await changes(`after=${page.cursor}`)).changes).toEqual([]);

    await finish(turnBody({ conversationId: body.conversationId, parentId: answerId }));
    expect(await listed(body.conversationId)).toMatchObject({ unread: true });
  });
});

describe("settings of the person", () => {
  it("are empty, set, told and taken back", async () => {
    expect((await call("/api/settings")).json).toEqual({});
    const before = await changes();
    expect(before.settings).toBeUndefined();
    const feed = await openFeed(`after=${before.cursor}`);
    const set = { method: "PATCH", body: { model: "vendor/model" } };
    expect(await call("/api/settings", set)).toMatchObject({ status: 200, json: { model: "vendor/model" } });
    await feed.until(({ event }) => event === "change");
    feed.close();
    const told = await changes(`after=${before.cursor}`);
    expect(told).toMatchObject({ changes: [], settings: { model: "vendor/model" }, more: false });
    expect(await call("/api/settings", set)).toMatchObject({ json: { model: "vendor/model" } });
    expect((await changes(`after=${told.cursor}`)).settings).toBeUndefined();

    // A device that was away hears of it at once, although no row of history is new to it.
    const late = await openFeed(`after=${before.cursor}`);
    const [notice] = await late.until(({ event }) => event === "change");
    late.close();
    expect(JSON.parse(notice?.data ?? "")).toEqual({ cursor: told.cursor });

    expect((await call("/api/settings", { method: "PATCH", body: { model: null } })).json).toEqual({});
    expect((await changes(`after=${told.cursor}`)).settings).toEqual({});
  });
});

async function finish(body: ReturnType<typeof turnBody>): Promise<void> {
  const options = { token: server.token, method: "POST", body };
  await (await openEventSource(`${server.url}/api/chat/stream`, options)).rest();
}

async function patch(id: string, body: unknown): Promise<Conversation> {
  return conversationSchema.parse((await call(`/api/conversations/${id}`, { method: "PATCH", body })).json);
}

async function listed(id: string): Promise<Conversation | undefined> {
  const { conversations } = conversationsSchema.parse((await call("/api/conversations?limit=200")).json);
  return conversations.find((row) => row.id === id);
}

async function newestMessage(conversationId: string): Promise<string> {
  const { messages } = messagesSchema.parse((await call(`/api/conversations/${conversationId}/messages`)).json);
  return messages.at(-1)?.id ?? "";
}
