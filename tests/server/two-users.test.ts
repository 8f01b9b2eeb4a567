import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changesSchema, messagesSchema } from "../../lib/protocol/responses.ts";
import { type ApiAnswer, type ApiCall, apiCall } from "../fixtures/api-call.ts";
import { askingToolbox } from "../fixtures/asking-toolbox.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { routesOfApp } from "../fixtures/routes-of-app.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { ALICE, BOB, withTwoUsers } from "../fixtures/two-users.ts";
import { callTool, say, stall, text } from "../fixtures/upstream-script.ts";

/** What names the things of one person. */
type Ids = { turnId: string; conversationId: string; questionId: string; answerId: string; callId: string };
type Attempt = [path: string, call?: ApiCall];

let server: Awaited<ReturnType<typeof startScriptedServer>>;
/** Alice's: a turn that has ended, one that runs, one that waits for her approval. */
const things: Record<"ended" | "running" | "waiting", Ids> = { ended: ids(), running: ids(), waiting: ids() };
/** Bob's own conversation. */
const own = turnBody({ text: "Ahoy?" });
let alicesBefore: unknown;

beforeAll(async () => {
  const replies = [
    say("Under the palm, dear Alice."),
    { steps: [text("On the "), stall] },
    callTool("files__write", {}),
  ];
  server = await startScriptedServer([...replies, say("Ahoy.")], {
    adapt: (adapters) => withTwoUsers({ ...adapters, toolbox: askingToolbox() }),
  });
  things.ended = await asked(ALICE, "Where is Alice's treasure?", "completed");
  things.running = await asked(ALICE, "And the map?", "On the ");
  things.waiting = await asked(ALICE, "Will you write it down?", "approval-needed");
  await call(ALICE, "/api/settings", { method: "PATCH", body: { model: "alice/treasured" } });
  await (await openEventSource(`${server.url}/api/chat/stream`, { token: BOB, method: "POST", body: own })).rest();
  alicesBefore = await everythingOf(ALICE);
});
afterAll(() => server.close());

/** Every route of the server, and what Bob tries there with somebody's ids. Routes without attempts are told why. */
const ROUTES: Record<string, (ids: Ids) => Attempt[]> = {
  "POST /api/turns": (ids) => startAttempts("/api/turns", ids),
  "POST /api/chat/stream": (ids) => startAttempts("/api/chat/stream", ids),
  "GET /api/turns/:turnId/events": ({ turnId, conversationId }) => [
    [`/api/turns/${turnId}/events`],
    [`/api/turns/${turnId}/events?after=1`],
    [`/api/turns/${turnId}/events?after=9999`],
    [`/api/turns/${turnId}/events`, { headers: { "last-event-id": "2" } }],
    [`/api/turns/${conversationId}/events`],
  ],
  "POST /api/turns/:turnId/stop": ({ turnId }) => [
    [`/api/turns/${turnId}/stop`, { method: "POST" }],
    [`/api/turns/${turnId}/stop`, { method: "POST", body: {} }],
  ],
  "POST /api/turns/:turnId/calls/:callId": ({ turnId, callId }) =>
    [{ decision: "allow" }, { decision: "deny" }, { decision: "allow", remember: true }].flatMap<Attempt>((body) => [
      [`/api/turns/${turnId}/calls/${callId}`, { method: "POST", body }],
      [`/api/turns/${own.turnId}/calls/${callId}`, { method: "POST", body }],
    ]),
  "GET /api/changes": ({ conversationId }) => [["/api/changes?limit=200"], [`/api/changes?after=${conversationId}`]],
  "GET /api/conversations": ({ conversationId }) => [
    ["/api/conversations?limit=200"],
    [`/api/conversations?before=${conversationId}`],
  ],
  "PATCH /api/conversations/:id": ({ conversationId, questionId, answerId }) => [
    [`/api/conversations/${conversationId}`, { method: "PATCH", body: { title: "Bob's", pinned: true } }],
    [`/api/conversations/${conversationId}`, { method: "PATCH", body: { readUpTo: answerId } }],
    [`/api/conversations/${own.conversationId}`, { method: "PATCH", body: { readUpTo: answerId } }],
    [`/api/conversations/${own.conversationId}`, { method: "PATCH", body: { readUpTo: questionId } }],
  ],
  "DELETE /api/conversations/:id": ({ conversationId, questionId }) => [
    [`/api/conversations/${conversationId}`, { method: "DELETE" }],
    [`/api/conversations/${questionId}`, { method: "DELETE" }],
  ],
  "GET /api/conversations/:id/messages": ({ conversationId, answerId }) => [
    [`/api/conversations/${conversationId}/messages`],
    [`/api/conversations/${conversationId}/messages?limit=1`],
    [`/api/conversations/${own.conversationId}/messages?before=${answerId}`],
  ],
  "GET /api/search": ({ conversationId, answerId }) =>
    ["treasure", "alice", "palm", conversationId, answerId].map((q) => [`/api/search?q=${q}`]),
  "GET /api/settings": () => [["/api/settings"]],
  "PATCH /api/settings": () => [["/api/settings", { method: "PATCH", body: { model: null } }]],
  "GET /api/session": () => [["/api/session"]],
  "GET /api/tools": () => [["/api/tools"]],
  // A stream, which has a test of its own.
  "GET /api/feed": () => [],
  // These tell of nobody.
  "GET /api/models": () => [["/api/models"]],
  "GET /api/config": () => [["/api/config"]],
  "GET /health": () => [["/health"]],
  "GET /ready": () => [["/ready"]],
  "GET /metrics": () => [],
  "POST /api/pair": () => [],
};

describe("another user's things", () => {
  it("are tried on every route that the server has", () => {
    expect(Object.keys(ROUTES).sort()).toEqual(routesOfApp(server.adapters));
  });

  describe.each(["ended", "running", "waiting"] as const)("(a turn that is %s)", (state) => {
    it.each(Object.entries(ROUTES))("answer at %s byte for byte as what does not exist", async (_, attempts) => {
      const nothing = attempts(ids(things[state].callId));
      for (const [index, [path, options]] of attempts(things[state]).entries()) {
        const [nowhere = "", sameOptions] = nothing[index] ?? [];
        const foreign = await call(BOB, path, options);
        expect(seen(foreign), path).toEqual(seen(await call(BOB, nowhere, sameOptions)));
        if (foreign.status >= 400) expect(["not_found", "bad_request"]).toContain(errorOf(foreign));
        for (const trace of tracesOf(state)) expect(foreign.text).not.toContain(trace);
      }
    });

    it("cannot be begun anew", async () => {
      const { turnId, conversationId } = things[state];
      for (const path of ["/api/turns", "/api/chat/stream"]) {
        for (const body of [turnBody({ turnId }), turnBody({ conversationId }), turnBody({ turnId, conversationId })]) {
          expect(errorOf(await call(BOB, path, { method: "POST", body }))).toBe("not_found");
        }
      }
    });
  });

  it("are told by the id of a message only: a used one is refused, whosesoever it is, and answers the same", async () => {
    // The wire contract: a `message.id` that is used already is 400, so that ids of messages are unique everywhere.
    const used = (id: string) => ({ ...turnBody(), message: { id, parts: [{ type: "text", text: "Mine?" }] } });
    for (const path of ["/api/turns", "/api/chat/stream"]) {
      const his = await call(BOB, path, { method: "POST", body: used(own.message.id) });
      for (const { questionId, answerId } of Object.values(things)) {
        for (const id of [questionId, answerId]) {
          const foreign = await call(BOB, path, { method: "POST", body: used(id) });
          expect([foreign.status, errorOf(foreign)], path).toEqual([400, "bad_request"]);
          expect(bodyWithout(foreign, id)).toBe(bodyWithout(his, own.message.id));
        }
      }
    }
  });

  it("are in no feed, also when their turns are named or their cursor is used", async () => {
    const named = Object.values(things).map(({ turnId }) => `${turnId}:0`);
    const { cursor } = changesSchema.parse((await call(ALICE, "/api/changes?limit=200")).json);
    const address = `${server.url}/api/feed?turns=${named.join(",")}`;
    const feeds = [await openEventSource(address, { token: BOB })];
    feeds.push(await openEventSource(`${address}&after=${cursor}`, { token: BOB }));
    server.upstream.play(() => say("Ahoy again."));
    await call(ALICE, "/api/settings", { method: "PATCH", body: { model: "alice/other" } });
    await call(ALICE, "/api/settings", { method: "PATCH", body: { model: "alice/treasured" } });
    const body = turnBody();
    await call(BOB, "/api/turns", { method: "POST", body });
    for (const feed of feeds) {
      const frames = await feed.until(({ data }) => data.includes('"completed"'));
      feed.close();
      const turns = frames.filter(({ event }) => event === "turn").map(({ data }) => JSON.parse(data).turnId);
      expect(new Set(turns)).toEqual(new Set([body.turnId]));
      for (const state of ["ended", "running", "waiting"] as const) {
        for (const trace of tracesOf(state)) expect(JSON.stringify(frames)).not.toContain(trace);
      }
    }
    const page = changesSchema.parse((await call(BOB, `/api/changes?after=${cursor}`)).json);
    expect(page.settings).toBeUndefined();
    expect(JSON.stringify(page)).not.toContain("alice");
    alicesBefore = await everythingOf(ALICE);
  });

  it("are untouched by all of this, and there for their owner", async () => {
    expect(await everythingOf(ALICE)).toEqual(alicesBefore);
    const { turnId: done, conversationId } = things.ended;
    const ways = ["/api/search?q=treasure", "/api/settings", `/api/conversations/${conversationId}/messages`];
    for (const path of [...ways, "/api/changes", "/api/conversations"]) {
      expect((await call(ALICE, path)).text, path).toContain("treasure");
    }
    expect((await call(ALICE, `/api/turns/${done}/events`)).text).toContain("palm");
    const { turnId, callId } = things.waiting;
    const allowed = await call(ALICE, `/api/turns/${turnId}/calls/${callId}`, {
      method: "POST",
      body: { decision: "deny" },
    });
    expect(allowed.status).toBe(200);
    expect((await call(ALICE, `/api/turns/${things.running.turnId}/stop`, { method: "POST" })).status).toBe(202);
    const { changes } = changesSchema.parse((await call(BOB, "/api/changes?limit=200")).json);
    expect(changes.map(({ kind }) => kind)).not.toContain("deleted");
  });
});

const call = (token: string, path: string, options: ApiCall = {}) => apiCall(server.url + path, { token, ...options });

/** Ids of nothing. */
function ids(callId = "call_none"): Ids {
  return { turnId: uuid(), conversationId: uuid(), questionId: uuid(), answerId: uuid(), callId };
}

/** Bodies that would begin nothing, whosoever the ids were. */
function startAttempts(path: string, { turnId, conversationId, questionId, answerId }: Ids): Attempt[] {
  const bodies = [
    { turnId },
    { ...turnBody({ turnId }), nonsense: true },
    turnBody({ turnId, parentId: uuid() }),
    turnBody({ parentId: questionId }),
    turnBody({ parentId: answerId }),
    turnBody({ conversationId, parentId: answerId }),
    turnBody({ conversationId: own.conversationId, parentId: answerId }),
    turnBody({ turnId, conversationId, parentId: questionId }),
  ];
  return bodies.map((body) => [path, { method: "POST", body }]);
}

/** Asks, and waits until the stream has this in it. */
async function asked(token: string, question: string, until: string): Promise<Ids> {
  const body = turnBody({ text: question });
  const stream = await openEventSource(`${server.url}/api/chat/stream`, { token, method: "POST", body });
  await stream.until(({ data }) => data.includes(until));
  stream.close();
  const path = `/api/conversations/${body.conversationId}/messages`;
  const { messages } = messagesSchema.parse((await call(token, path)).json);
  const answerId = messages.at(-1)?.id ?? "";
  const { turnId, conversationId } = body;
  return { turnId, conversationId, questionId: body.message.id, answerId, callId: "call_files__write" };
}

/** All of an answer but what no two answers share. */
function seen({ status, headers, text: body }: ApiAnswer) {
  const { date: _date, "x-request-id": requestId, ...rest } = headers;
  return { status, headers: rest, body: body.replace(String(requestId), "(its own)") };
}

/** An answer's body without the id that was asked for. */
function bodyWithout(answer: ApiAnswer, id: string): string {
  return seen(answer).body.replace(id, "(the id)");
}

/** What only Alice's answers have in them. */
function tracesOf(state: keyof typeof things): string[] {
  const { turnId, conversationId, questionId, answerId } = things[state];
  return [turnId, conversationId, questionId, answerId, "treasure", "palm", "alice"];
}

async function everythingOf(token: string) {
  const paths = ["/api/changes?limit=200", "/api/conversations?limit=200", "/api/settings", "/api/tools"];
  return Promise.all(paths.map(async (path) => (await call(token, path)).json));
}
