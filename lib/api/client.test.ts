import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { v7 } from "uuid";
import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "../protocol/errors.ts";
import { createApiClient } from "./client.ts";
import type { GetToken } from "./request-json.ts";
import { UnreachableError } from "./unreachable.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe("the client of the routes", () => {
  it("sends the token and the question, and reads the reply", async () => {
    const [turnId, conversationId, id, assistantMessageId] = [v7(), v7(), v7(), v7()];
    const reply = { turnId, conversationId, userMessageId: id, assistantMessageId };
    const seen: unknown[] = [];
    const api = await client(async (request, response) => {
      seen.push(request.method, request.url, request.headers.authorization, JSON.parse(await bodyOf(request)));
      response.end(JSON.stringify(reply));
    });
    const turn = {
      turnId,
      conversationId,
      parentId: null,
      message: { id, parts: [{ type: "text" as const, text: "?" }] },
    };
    expect(await api.startTurn(turn)).toEqual(reply);
    expect(seen).toEqual(["POST", "/api/turns", "Bearer secret", turn]);
  });

  it("leaves out what is not given and escapes what is", async () => {
    const urls: unknown[] = [];
    const api = await client((request, response) => {
      urls.push(request.url);
      response.end(JSON.stringify({ changes: [], cursor: "1", more: false, hits: [] }));
    });
    await api.changes({ after: undefined, limit: 7 });
    await api.search({ q: "a&b=ü" });
    await api.decide({ turnId: v7(), callId: "../x", decision: "deny", remember: false });
    expect(urls.slice(0, 2)).toEqual(["/api/changes?limit=7", "/api/search?q=a%26b%3D%C3%BC"]);
    expect(urls[2]).toMatch(/\/calls\/\.\.%2Fx$/);
  });

  it("reads and changes the settings of the person", async () => {
    const seen: unknown[] = [];
    const api = await client(async (request, response) => {
      seen.push([request.method, request.url, await bodyOf(request)]);
      response.end(JSON.stringify({ model: "vendor/one" }));
    });
    expect(await api.settings()).toEqual({ model: "vendor/one" });
    expect(await api.patchSettings({ model: null })).toEqual({ model: "vendor/one" });
    expect(seen).toEqual([
      ["GET", "/api/settings", ""],
      ["PATCH", "/api/settings", '{"model":null}'],
    ]);
  });

  it("tells a refusal with its code, its words and its Retry-After", async () => {
    const api = await client((_, response) => {
      response.writeHead(429, { "retry-after": "3" });
      response.end(JSON.stringify({ error: { code: "rate_limited", message: "Slowly.", requestId: "1" } }));
    });
    const error = await api.models().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "rate_limited", message: "Slowly.", retryAfter: 3 });
  });

  it("repeats a request once with a fresh token when the token expired on its way, and no other refusal", async () => {
    const seen: unknown[] = [];
    let reason = "expired_token";
    const handle = async (request: IncomingMessage, response: ServerResponse) => {
      seen.push([request.headers.authorization, await bodyOf(request)]);
      if (request.headers.authorization === "Bearer fresh") return void response.end(JSON.stringify({ token: "t" }));
      response
        .writeHead(401)
        .end(JSON.stringify({ error: { code: "unauthorized", message: "No.", requestId: "1", reason } }));
    };
    const tokens = ["old", "fresh", "old", "old", "pending"];
    const wanted: unknown[] = [];
    const api = await client(handle, async (options) => {
      wanted.push(options?.fresh);
      return tokens.shift();
    });
    const body = JSON.stringify({ code: "x" });
    expect(await api.pair("x")).toEqual({ token: "t" });
    await expect(api.pair("x")).rejects.toMatchObject({ code: "unauthorized", reason: "expired_token" });
    reason = "pending_session";
    await expect(api.pair("x")).rejects.toMatchObject({ code: "unauthorized", reason: "pending_session" });
    const sent = ["old", "fresh", "old", "old", "pending"].map((token) => [`Bearer ${token}`, body]);
    expect(seen).toEqual(sent);
    expect(wanted).toEqual([false, true, false, true, false]);
  });

  it("fails as the token does that cannot be had, without asking the server", async () => {
    let requests = 0;
    const unreachable = new Error("The sign-in service cannot be reached.");
    const count = () => {
      requests += 1;
    };
    const api = await client(count, () => Promise.reject(unreachable));
    await expect(api.models()).rejects.toBe(unreachable);
    expect(requests).toBe(0);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["a broken connection", (response) => response.destroy()],
    ["a page of something else", (response) => response.end("<html>Welcome to the hotel</html>")],
    ["an error of something else", (response) => response.writeHead(502).end("Bad gateway")],
    ["a reply of another form", (response) => response.end(`{"default":7}`)],
  ])("counts %s as unreachable", async (_, answer) => {
    const api = await client((_request, response) => answer(response));
    await expect(api.models()).rejects.toBeInstanceOf(UnreachableError);
  });

  it("fails with the reason of the caller's signal", async () => {
    const api = await client(() => undefined);
    await expect(api.models(AbortSignal.abort(new Error("closed")))).rejects.toThrow("closed");
  });
});

async function client(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  getToken: GetToken = async () => "secret",
) {
  const server = createServer(handle);
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return createApiClient({ baseUrl: `http://127.0.0.1:${port}`, fetch, getToken });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request) body += piece;
  return body;
}
