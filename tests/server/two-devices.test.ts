import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as z from "zod";
import type { messageSchema } from "../../lib/protocol/messages.ts";
import { conversationsSchema, messagesSchema } from "../../lib/protocol/responses.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { byId, type DeviceOnLine, openDevice } from "../fixtures/device-on-line.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, words } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let desk: DeviceOnLine;
let laptop: DeviceOnLine;

beforeEach(async () => {
  server = await startScriptedServer(() => answer({ tokens: words(10), everyMs: 1 }));
  [desk, laptop] = await Promise.all([openDevice(server), openDevice(server)]);
  for (const { panel } of [desk, laptop]) await expect.poll(() => panel.state().connection.status).toBe("online");
});
afterEach(async () => {
  for (const device of [desk, laptop]) device.close();
  await server.close();
});

describe("what one device does", () => {
  it("shows on the other without reload, and both keep the same rows", async () => {
    const { conversationId: id } = await ask(desk);
    await expect.poll(() => rowOn(laptop, id)).toMatchObject({ unread: true });

    await laptop.panel.link.call("open", { conversationId: id });
    await expect.poll(() => rowOn(desk, id)).toMatchObject({ unread: false });
    await desk.panel.link.call("patch", { conversationId: id, patch: { title: "Rivers" } });
    await expect.poll(() => rowOn(laptop, id)).toMatchObject({ title: "Rivers" });
    await laptop.panel.link.call("patch", { conversationId: id, patch: { pinned: true } });
    await expect.poll(() => rowOn(desk, id)).toMatchObject({ title: "Rivers", pinned: true });
    await desk.panel.link.call("set-settings", { model: "demo" });
    await expect.poll(() => laptop.panel.state().settings).toEqual({ model: "demo" });

    const { conversationId: other } = await ask(laptop);
    await expect.poll(() => rowOn(desk, other)).toBeDefined();
    await desk.panel.link.call("delete", { conversationId: other });
    await expect.poll(() => rowOn(laptop, other)).toBeUndefined();
    await expectEqualHistories();
  });

  it("asks for each change once: an edit is one request and one pull", async () => {
    const { conversationId: id } = await ask(desk);
    await expect.poll(() => rowOn(laptop, id)).toMatchObject({ unread: true });
    for (const device of [desk, laptop]) device.requests.length = 0;
    await desk.panel.link.call("patch", { conversationId: id, patch: { title: "Rivers" } });
    await expect.poll(() => rowOn(laptop, id)).toMatchObject({ title: "Rivers" });
    await expectEqualHistories();
    expect(laptop.requests).toEqual(["GET /api/changes"]);
    expect(desk.requests).toEqual([`PATCH /api/conversations/${id}`, "GET /api/changes"]);

    for (const device of [desk, laptop]) device.requests.length = 0;
    await desk.panel.link.call("delete", { conversationId: id });
    await expect.poll(() => rowOn(laptop, id)).toBeUndefined();
    await expectEqualHistories();
    expect(laptop.requests).toEqual(["GET /api/changes"]);
    expect(desk.requests).toEqual([`DELETE /api/conversations/${id}`, "GET /api/changes"]);
  });
});

it("lets the other device watch an answer while it is written, and stop it", async () => {
  server.upstream.play(answer({ tokens: words(5_000), everyMs: 2 }));
  const turn = turnBody();
  await desk.panel.link.call("ask", turn);
  await expect.poll(() => laptop.panel.state().turns[turn.turnId]?.state.parts).toMatchObject([{ type: "text" }]);
  await laptop.panel.link.call("stop", { turnId: turn.turnId });
  for (const { panel } of [desk, laptop]) await expect.poll(() => panel.state().turns).toEqual({});
  await expectEqualHistories();
  const { messages } = await desk.rows();
  expect(messages).toMatchObject([{ role: "user" }, { role: "assistant", status: "stopped" }]);
});

describe("a laptop that was away", () => {
  it("catches up with 50 changes by one pull", async () => {
    const { conversationId: id } = await ask(desk);
    await expect.poll(() => rowOn(laptop, id)).toBeDefined();
    laptop.cut();
    await expect.poll(() => laptop.panel.state().connection.status).toBe("reconnecting");
    await laptop.panel.link.call("patch", { conversationId: id, patch: { archived: true } });
    for (let turn = 0; turn < 17; turn += 1) await ask(desk);
    await desk.panel.link.call("patch", { conversationId: id, patch: { title: "Renamed meanwhile", archived: false } });
    await expect.poll(() => desk.panel.state().unsentEdits).toBe(0);

    laptop.requests.length = 0;
    laptop.mend();
    await laptop.panel.link.call("reconnect", {});
    await expect.poll(() => laptop.panel.state().unsentEdits).toBe(0);
    await expect.poll(() => Object.keys(laptop.panel.state().conversations).length).toBe(18);
    // What was sent last wins: the edit that was made first here came later to the server.
    await expect.poll(() => rowOn(desk, id)).toMatchObject({ title: "Renamed meanwhile", archived: true });
    await expectEqualHistories();
    const sent = laptop.requests.findIndex((request) => request.startsWith("PATCH"));
    expect(pullsIn(laptop.requests.slice(0, sent))).toBe(1);
    expect(pullsIn(laptop.requests)).toBeLessThanOrEqual(2);
  });
});

/** A question and its whole answer. */
async function ask({ panel }: DeviceOnLine): Promise<{ conversationId: string }> {
  const turn = turnBody();
  await panel.link.call("ask", turn);
  await expect.poll(() => panel.state().conversations[turn.conversationId]?.unread).toBe(true);
  return turn;
}

function rowOn({ panel }: DeviceOnLine, id: string) {
  return panel.state().conversations[id];
}

function pullsIn(requests: readonly string[]): number {
  return requests.filter((request) => request === "GET /api/changes").length;
}

/** Both devices and the server have the same conversations and messages. */
async function expectEqualHistories(): Promise<void> {
  const rows = await serverRows();
  for (const device of [desk, laptop]) {
    await expect.poll(() => device.rows()).toEqual(rows);
    await expect.poll(() => byId(Object.values(device.panel.state().conversations))).toEqual(rows.conversations);
  }
}

async function serverRows() {
  const { conversations } = await get("/api/conversations?limit=200", conversationsSchema);
  const messages: z.infer<typeof messageSchema>[] = [];
  for (const { id } of conversations) {
    messages.push(...(await get(`/api/conversations/${id}/messages?limit=200`, messagesSchema)).messages);
  }
  return { conversations: byId(conversations), messages: byId(messages) };
}

async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse((await apiCall(server.url + path, { token: server.token })).json);
}
