import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiCall, apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { ALICE, BOB, withTwoUsers } from "../fixtures/two-users.ts";
import { say, stall, text } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
/** Alice's: one turn that has ended, one that runs. */
const ended = turnBody({ text: "Where is the treasure?" });
const running = turnBody({ text: "And the map?" });

beforeAll(async () => {
  server = await startScriptedServer([say("Under the palm."), { steps: [text("On the "), stall] }], {
    adapt: withTwoUsers,
  });
  const stream = (body: unknown) =>
    openEventSource(`${server.url}/api/chat/stream`, { token: ALICE, method: "POST", body });
  await (await stream(ended)).rest();
  const follower = await stream(running);
  await follower.until(({ data }) => data.includes("On the "));
  follower.close();
});
afterAll(() => server.close());

const call = (token: string, path: string, options: ApiCall = {}) => apiCall(server.url + path, { token, ...options });

/** Every address that names a thing, with the ids of one person's things. */
function addresses(turn: { turnId: string; conversationId: string }): [string, ApiCall][] {
  const decision = { method: "POST", body: { decision: "allow" } };
  return [
    [`/api/turns/${turn.turnId}/events`, {}],
    [`/api/turns/${turn.turnId}/events?after=9999`, {}],
    [`/api/turns/${turn.turnId}/stop`, { method: "POST" }],
    [`/api/turns/${turn.turnId}/calls/x`, decision],
    [`/api/conversations/${turn.conversationId}`, { method: "PATCH", body: { title: "Mine" } }],
    [`/api/conversations/${turn.conversationId}`, { method: "DELETE" }],
    [`/api/conversations/${turn.conversationId}/messages`, {}],
  ];
}

describe("another user's things", () => {
  it.each([
    ["ended", ended],
    ["running", running],
  ])("answer exactly as things that do not exist (%s)", async (_, turn) => {
    const nothing = addresses({ turnId: uuid(), conversationId: uuid() });
    for (const [index, [path, options]] of addresses(turn).entries()) {
      const foreign = await call(BOB, path, options);
      const [nowhere = "", sameOptions = {}] = nothing[index] ?? [];
      expect(errorOf(foreign)).toBe("not_found");
      expect(messageOf(foreign)).toBe(messageOf(await call(BOB, nowhere, sameOptions)));
    }
  });

  it.each(["/api/turns", "/api/chat/stream"])("cannot be named in POST %s", async (path) => {
    const { turnId, conversationId } = ended;
    for (const body of [
      turnBody({ turnId }),
      turnBody({ conversationId }),
      turnBody({ conversationId, parentId: ended.message.id }),
      turnBody({ parentId: ended.message.id }),
      turnBody({ conversationId: running.conversationId }),
      { turnId },
    ]) {
      expect(errorOf(await call(BOB, path, { method: "POST", body }))).toBe("not_found");
    }
    const taken = turnBody({ message: { ...turnBody().message, id: ended.message.id } });
    expect(errorOf(await call(BOB, path, { method: "POST", body: taken }))).toBe("bad_request");
  });

  it("are in no list, search or feed", async () => {
    expect((await call(BOB, "/api/conversations")).json).toEqual({ conversations: [] });
    expect((await call(BOB, "/api/changes")).json).toMatchObject({ changes: [], more: false });
    expect((await call(BOB, "/api/search?q=treasure")).json).toEqual({ hits: [] });
    expect((await call(ALICE, "/api/search?q=treasure")).json).toMatchObject({ hits: [{}] });

    const feed = await openEventSource(`${server.url}/api/feed?turns=${running.turnId}:0,${ended.turnId}:0`, {
      token: BOB,
    });
    server.upstream.play(() => say("Ahoy."));
    const own = turnBody();
    await call(BOB, "/api/turns", { method: "POST", body: own });
    const frames = await feed.until(({ data }) => data.includes('"completed"'));
    feed.close();
    const turns = frames.filter(({ event }) => event === "turn").map(({ data }) => JSON.parse(data).turnId);
    expect(new Set(turns)).toEqual(new Set([own.turnId]));
  });

  it("are untouched by all of this", async () => {
    const messages = await call(ALICE, `/api/conversations/${ended.conversationId}/messages`);
    expect(messages.json).toMatchObject({ messages: [{ role: "user" }, { role: "assistant", status: "complete" }] });
    const own = (await call(BOB, "/api/conversations")).json;
    expect(JSON.stringify(own)).not.toContain(ended.conversationId);
    expect((await call(ALICE, `/api/turns/${running.turnId}/stop`, { method: "POST" })).status).toBe(202);
  });
});

function messageOf({ text: body }: { text: string }): string {
  return JSON.parse(body).error.message;
}
