import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changesSchema } from "../../lib/protocol/responses.ts";
import { type ApiCall, apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
/** A turn that has ended, and the conversation with its messages. */
const done = turnBody();
let before: unknown;

beforeAll(async () => {
  server = await startScriptedServer(() => say("Yes."));
  const options = { token: server.token, method: "POST", body: done };
  await (await openEventSource(`${server.url}/api/chat/stream`, options)).rest();
});
afterAll(() => server.close());
beforeEach(async () => {
  before = await history();
});

const call = (path: string, options: ApiCall = {}) => apiCall(server.url + path, { token: server.token, ...options });
const history = async () => changesSchema.parse((await call("/api/changes?limit=200")).json);

/** Asks, and sees that it is refused as expected, names the culprit and changes nothing. */
async function expectRefused(path: string, options: ApiCall, code: string, culprit = "") {
  const answer = await call(path, options);
  expect(errorOf(answer)).toBe(code);
  expect(answer.text).toContain(culprit);
  expect(await history()).toEqual(before);
  expect(server.upstream.requests).toHaveLength(1);
}

const image = { type: "image", mimeType: "image/png", data: "not base64!" };
const page = { type: "page", url: "javascript:alert(1)", title: "", text: "", truncated: false, capturedAt: "now" };

describe.each(["/api/turns", "/api/chat/stream"])("POST %s refuses", (path) => {
  const question = turnBody().message;
  it.each<[string, unknown, string]>([
    ["no body", undefined, "JSON"],
    ["broken JSON", '{"turnId":', "JSON"],
    ["bytes that are no text", Buffer.from([0x7b, 0xff, 0x7d]), "JSON"],
    ["null", "null", ""],
    ["a list", [turnBody()], ""],
    ["a missing field", { ...turnBody(), message: undefined }, "message"],
    ["an unknown field", { ...turnBody(), temperature: 1 }, "temperature"],
    ["an unknown field within", { ...turnBody(), message: { ...question, role: "system" } }, "role"],
    ["a prototype", '{"__proto__":{"a":1}}', ""],
    ["a wrong type", { ...turnBody(), parentId: 7 }, "parentId"],
    ["an id that is none", { ...turnBody(), turnId: "1" }, "turnId"],
    ["a UUID of another version", { ...turnBody(), turnId: "9b2f0a52-6a1e-4c39-8f5e-3b2c5d1e7f00" }, "turnId"],
    ["an id in capitals", { ...turnBody(), turnId: uuid().toUpperCase() }, "turnId"],
    ["no parts", { ...turnBody(), message: { id: uuid(), parts: [] } }, "parts"],
    [
      "a part of an answer",
      { ...turnBody(), message: { id: uuid(), parts: [{ type: "reasoning", text: "" }] } },
      "parts",
    ],
    ["a page by script", { ...turnBody(), message: { id: uuid(), parts: [page] } }, "parts"],
    ["an image that is none", { ...turnBody(), message: { id: uuid(), parts: [image] } }, "parts"],
    ["an unknown model", turnBody({ model: "no/such-model" }), "odel"],
    ["an empty model", turnBody({ model: "" }), "model"],
    ["servers that are no list", { ...turnBody(), tools: { servers: "all" } }, "servers"],
    ["a taken message id", turnBody({ message: { ...question, id: done.message.id } }), ""],
  ])("%s", async (_, body, culprit) => {
    await expectRefused(path, { method: "POST", body }, "bad_request", culprit);
  });

  it("a parent that does not exist", async () => {
    const conversationId = done.conversationId;
    for (const body of [turnBody({ parentId: uuid() }), turnBody({ conversationId, parentId: uuid() })]) {
      await expectRefused(path, { method: "POST", body }, "not_found");
    }
  });

  it("a query", async () => {
    await expectRefused(`${path}?debug=1`, { method: "POST", body: turnBody() }, "bad_request", "debug");
  });
});

describe("queries", () => {
  const id = uuid();
  it.each<[string, string]>([
    ["/api/session?a=1", "a"],
    ["/api/models?a=1", "a"],
    ["/api/tools?a=1", "a"],
    ["/api/settings?a=1", "a"],
    ["/api/config?a=1", "a"],
    ["/health?a=1", "a"],
    ["/ready?a=1", "a"],
    ["/metrics?a=1", "a"],
    ["/api/conversations?limit=0", "limit"],
    ["/api/conversations?limit=201", "limit"],
    ["/api/conversations?limit=1.5", "limit"],
    ["/api/conversations?limit=", "limit"],
    ["/api/conversations?limit=1&limit=2", "limit"],
    ["/api/conversations?after=x", "after"],
    ["/api/conversations?before=nonsense", ""],
    [`/api/conversations/${id}/messages?limit=-1`, "limit"],
    ["/api/changes?after=nonsense", ""],
    ["/api/changes?after=", "after"],
    ["/api/changes?before=x", "before"],
    ["/api/search", "q"],
    ["/api/search?q=", "q"],
    ["/api/search?q=%20", "q"],
    [`/api/search?q=${"x".repeat(201)}`, "q"],
    ["/api/search?q=x&lang=en", "lang"],
    ["/api/feed?after=nonsense", ""],
    ["/api/feed?turns=x", "turns"],
    [`/api/feed?turns=${id}`, "turns"],
    [`/api/feed?turns=${id}:-1`, "turns"],
    [`/api/feed?turns=${id}:1:2`, "turns"],
    [`/api/feed?turns=${id}:1,`, "turns"],
    ["/api/feed?since=1", "since"],
  ])("GET %s is refused", async (path, culprit) => {
    await expectRefused(path, {}, "bad_request", culprit);
  });

  it.each(["-1", "1.5", "x", "01", "1e3", "999999999999999999", "99"])("events after %s are refused", async (seq) => {
    await expectRefused(`/api/turns/${done.turnId}/events?after=${seq}`, {}, "bad_request", "after");
  });

  it("a number that is none is refused in the header too", async () => {
    const path = `/api/turns/${done.turnId}/events`;
    await expectRefused(path, { headers: { "last-event-id": "one" } }, "bad_request", "Last-Event-ID");
    const resent = { method: "POST", body: done, headers: { "last-event-id": "99" } };
    await expectRefused("/api/chat/stream", resent, "bad_request", "after");
  });
});

describe("other bodies", () => {
  const conversation = `/api/conversations/${done.conversationId}`;
  const callPath = `/api/turns/${done.turnId}/calls/call_1`;
  it.each<[string, string, unknown, string]>([
    ["PATCH", conversation, {}, "title"],
    ["PATCH", conversation, { title: "" }, "title"],
    ["PATCH", conversation, { title: "x".repeat(201) }, "title"],
    ["PATCH", conversation, { title: "x", color: "red" }, "color"],
    ["PATCH", conversation, { pinned: "yes" }, "pinned"],
    ["PATCH", conversation, { readUpTo: null }, "readUpTo"],
    ["PATCH", conversation, { readUpTo: "" }, "readUpTo"],
    ["PATCH", conversation, { readUpTo: 7 }, "readUpTo"],
    ["PATCH", conversation, { readUpTo: "9b2f0a52-6a1e-4c39-8f5e-3b2c5d1e7f00" }, "readUpTo"],
    ["PATCH", conversation, { readUpTo: done.message.id.toUpperCase() }, "readUpTo"],
    ["PATCH", conversation, { unread: false }, "unread"],
    ["PATCH", conversation, undefined, "JSON"],
    ["PATCH", "/api/settings", undefined, "JSON"],
    ["PATCH", "/api/settings", {}, "model"],
    ["PATCH", "/api/settings", [], ""],
    ["PATCH", "/api/settings", { model: "" }, "model"],
    ["PATCH", "/api/settings", { model: 7 }, "model"],
    ["PATCH", "/api/settings", { model: "x".repeat(201) }, "model"],
    ["PATCH", "/api/settings", { model: "x", theme: "dark" }, "theme"],
    ["PATCH", "/api/settings", '{"__proto__":{"model":"x"}}', ""],
    ["PATCH", "/api/settings?force=1", { model: "x" }, "force"],
    ["DELETE", conversation, { really: true }, "really"],
    ["DELETE", `${conversation}?force=1`, undefined, "force"],
    ["POST", `/api/turns/${done.turnId}/stop`, { force: true }, "force"],
    ["POST", `/api/turns/${done.turnId}/stop?now=1`, undefined, "now"],
    ["POST", callPath, undefined, "JSON"],
    ["POST", callPath, { decision: "maybe" }, "decision"],
    ["POST", callPath, { decision: "allow", remember: 1 }, "remember"],
    ["POST", callPath, { decision: "allow", always: true }, "always"],
    ["POST", "/api/pair", {}, "code"],
    ["POST", "/api/pair", { code: 12345678 }, "code"],
    ["POST", "/api/pair", { code: "x", name: "y" }, "name"],
    ["POST", "/api/pair", { code: "" }, "code"],
  ])("%s %s refuses %j", async (method, path, body, culprit) => {
    await expectRefused(path, { method, body }, "bad_request", culprit);
  });
});

describe("what does not exist", () => {
  it.each([uuid(), "1", "%00", "..%2f..", "%ff", `${uuid()}x`])("answers not_found for the id %s", async (id) => {
    const decision = { method: "POST", body: { decision: "allow" } };
    await expectRefused(`/api/turns/${id}/events`, {}, "not_found");
    await expectRefused(`/api/turns/${id}/stop`, { method: "POST" }, "not_found");
    await expectRefused(`/api/turns/${id}/calls/call_1`, decision, "not_found");
    await expectRefused(`/api/conversations/${id}`, { method: "PATCH", body: { pinned: true } }, "not_found");
    await expectRefused(`/api/conversations/${id}`, { method: "DELETE" }, "not_found");
    await expectRefused(`/api/conversations/${id}/messages`, {}, "not_found");
  });

  it("answers not_found for a call that was never made", async () => {
    const options = { method: "POST", body: { decision: "allow" } };
    await expectRefused(`/api/turns/${done.turnId}/calls/call_1`, options, "not_found");
  });
});
