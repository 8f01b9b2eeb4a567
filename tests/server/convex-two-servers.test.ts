import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allChanges } from "../fixtures/all-changes.ts";
import { type ConvexServer, type ConvexServers, startConvexServers } from "../fixtures/convex-servers.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { type HttpDevice, openHttpDevice, type Rows } from "../fixtures/http-device.ts";
import { savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say, text, until } from "../fixtures/upstream-script.ts";

const ANSWER = "The answer is 42.";

let servers: ConvexServers;
let one: ConvexServer;
let two: ConvexServer;
let device: HttpDevice;
beforeAll(async () => {
  servers = await startConvexServers(() => say(ANSWER));
  [one, two] = await Promise.all([servers.start(), servers.start()]);
  device = await openHttpDevice(two);
});
afterAll(async () => {
  device.close();
  await servers.close();
});

describe("what is done through one server process", () => {
  it.each<[string, (conversationId: string) => Promise<{ done: number; shows: (rows: Rows) => boolean }>]>([
    [
      "a message",
      async (conversationId) => {
        const body = turnBody({ conversationId, parentId: (await savedAnswer(one, conversationId)).id });
        await post(one, body);
        return { done: performance.now(), shows: ({ messages }) => messages.has(body.message.id) };
      },
    ],
    ["a new name", (id) => patch(id, { title: "Renamed" }, ({ title }) => title === "Renamed")],
    ["a pin", (id) => patch(id, { pinned: true }, ({ pinned }) => pinned)],
    ["a move to the archive", (id) => patch(id, { archived: true }, ({ archived }) => archived)],
    ["a read mark", async (id) => patch(id, { readUpTo: (await savedAnswer(one, id)).id }, ({ unread }) => !unread)],
    [
      "a deletion",
      async (id) => {
        expect((await one.call(`/api/conversations/${id}`, { method: "DELETE" })).status).toBe(204);
        return { done: performance.now(), shows: ({ conversations }) => !conversations.has(id) };
      },
    ],
    [
      "a setting of the person",
      async (id) => {
        const set = await one.call("/api/settings", { method: "PATCH", body: { model: id } });
        expect(set.status).toBe(200);
        return { done: performance.now(), shows: ({ settings }) => settings.model === id };
      },
    ],
  ])("reaches an open feed on another: %s", async (_, act) => {
    const body = turnBody();
    await post(one, body);
    await device.until((rows) => hasAnswer(rows, body.conversationId));
    const { done, shows } = await act(body.conversationId);
    await device.until(shows);
    tell(done);
  });

  it("is the same history through both, row by row", async () => {
    await device.until((rows) => [...rows.messages.values()].every(({ status }) => status === "complete"));
    const [first, second] = await Promise.all([allChanges(one), allChanges(two)]);
    expect(first.changes.length).toBeGreaterThan(20);
    expect(second).toEqual(first);
    const told = first.changes.flatMap((change) => (change.kind === "message" ? [change.message] : []));
    expect([...device.rows.messages.values()].toSorted(byId)).toEqual(told.toSorted(byId));
  });
});

describe("a feed whose server lost sight of Convex", () => {
  it("gets what was done through another server when only the sockets were cut", async () => {
    for (let time = 0; time < 3; time += 1) {
      servers.deployment.cutSockets();
      const body = turnBody();
      await post(one, body);
      await device.until((rows) => hasAnswer(rows, body.conversationId));
    }
  });

  it("gets it when Convex was down for a while, and what was refused meanwhile may be sent again", async () => {
    const body = turnBody();
    await post(one, body);
    await device.until((rows) => hasAnswer(rows, body.conversationId));
    const rename = () =>
      one.call(`/api/conversations/${body.conversationId}`, { method: "PATCH", body: { title: "When it is back" } });
    await servers.deployment.goDown();
    const refused = await rename();
    expect(errorOf(refused)).toBe("unavailable");
    expect(refused).toMatchObject({ status: 503, headers: { "retry-after": expect.anything() } });
    await servers.deployment.comeBack();
    expect((await rename()).status).toBe(200);
    const back = performance.now();
    await device.until(({ conversations }) => conversations.get(body.conversationId)?.title === "When it is back");
    tell(back);
    expect(await allChanges(two)).toEqual(await allChanges(one));
  });
});

// The turn log is each process's own until it can be in Redis.
describe("a turn that runs in another server process", () => {
  it("shows as a row that is being written, has no events here, and its answer comes when it is saved", async () => {
    const gate = Promise.withResolvers<void>();
    servers.upstream.play(() => ({
      steps: [text("Half of it, "), until(gate.promise), ...say("and the rest.").steps],
    }));
    const body = turnBody();
    const { turnId, conversationId } = body;
    await post(one, body);
    const here = await openEventSource(`${one.url}/api/turns/${turnId}/events`, { token: one.token });
    await here.until(({ data }) => data.includes("Half of it"));
    await device.until(({ messages }) =>
      [...messages.values()].some((row) => row.turnId === turnId && isStreaming(row)),
    );

    expect(errorOf(await two.call(`/api/turns/${turnId}/events`))).toBe("not_found");
    expect(errorOf(await two.call(`/api/turns/${turnId}/stop`, { method: "POST" }))).toBe("not_found");
    const feed = await openEventSource(`${two.url}/api/feed?turns=${turnId}:0`, { token: two.token });
    gate.resolve();
    const seen = await feed.until(({ event }) => event === "change");
    feed.close();
    expect(seen.map(({ event }) => event)).not.toContain("turn");
    expect((await here.rest()).at(-1)?.data).toContain('"completed"');
    await device.until((rows) => hasAnswer(rows, conversationId));
    expect(textOf((await savedAnswer(two, conversationId)).parts)).toBe("Half of it, and the rest.");
    servers.upstream.play(() => say(ANSWER));
  });

  it("is in history once when its question was sent to both", async () => {
    const body = turnBody();
    await Promise.all([post(one, body), post(two, body)]);
    for (const server of [one, two]) {
      const events = await openEventSource(`${server.url}/api/turns/${body.turnId}/events`, server);
      expect((await events.rest()).at(-1)?.data).toContain('"completed"');
    }
    await device.until((rows) => hasAnswer(rows, body.conversationId));
    expect(textOf((await savedAnswer(one, body.conversationId)).parts)).toBe(ANSWER);
    expect(await savedAnswer(two, body.conversationId)).toEqual(await savedAnswer(one, body.conversationId));
  });

  it("does not bring back a conversation that was deleted here", async () => {
    const gate = Promise.withResolvers<void>();
    servers.upstream.play(() => ({
      steps: [text("Half of it, "), until(gate.promise), ...say("and the rest.").steps],
    }));
    const body = turnBody();
    await post(one, body);
    const here = await openEventSource(`${one.url}/api/turns/${body.turnId}/events`, { token: one.token });
    await here.until(({ data }) => data.includes("Half of it"));
    expect((await two.call(`/api/conversations/${body.conversationId}`, { method: "DELETE" })).status).toBe(204);
    gate.resolve();
    expect((await here.rest()).at(-1)?.data).toContain('"completed"');
    const { changes } = await allChanges(one);
    expect(changes.filter((change) => JSON.stringify(change).includes(body.conversationId))).toEqual([
      { kind: "deleted", of: "conversation", id: body.conversationId },
    ]);
    expect((await one.call(`/api/conversations/${body.conversationId}/messages`)).status).toBe(404);
    servers.upstream.play(() => say(ANSWER));
  });
});

async function post(server: ConvexServer, body: ReturnType<typeof turnBody>): Promise<void> {
  expect((await server.call("/api/turns", { method: "POST", body })).status).toBe(202);
}

async function patch(
  id: string,
  body: Record<string, unknown>,
  fits: (row: { title: string; pinned: boolean; archived: boolean; unread: boolean }) => boolean,
) {
  expect((await one.call(`/api/conversations/${id}`, { method: "PATCH", body })).status).toBe(200);
  const shows = ({ conversations }: Rows) => {
    const row = conversations.get(id);
    return row !== undefined && fits(row);
  };
  return { done: performance.now(), shows };
}

function hasAnswer({ messages }: Rows, conversationId: string): boolean {
  const rows = [...messages.values()].filter((message) => message.conversationId === conversationId);
  return rows.some(({ role, status }) => role === "assistant" && status === "complete");
}

function isStreaming({ status }: { status: string }): boolean {
  return status === "streaming";
}

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1;
}

/** Printed and not asserted: how long it takes depends on the machine. */
function tell(from: number): void {
  console.log(`told on the other server ${Math.max(0, device.toldAt() - from).toFixed(0)} ms after the write`);
}
