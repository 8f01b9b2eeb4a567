import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LIMITS } from "../../lib/protocol/limits.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { startTestServer, type TestServer } from "../fixtures/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const tooLong = " ".repeat(LIMITS.bodyBytes + 1);
const strange = { origin: "https://elsewhere.example" };

describe("the order of the checks", () => {
  it.each([
    ["origin before token", "/api/session", { headers: strange }, "forbidden"],
    ["host before token", "/api/session", { headers: { host: "elsewhere.example" } }, "forbidden"],
    ["origin before route", "/nowhere", { headers: strange }, "forbidden"],
    ["token before route", "/api/nowhere", {}, "unauthorized"],
    ["token before route, outside /api", "/nowhere", {}, "unauthorized"],
    ["token before method", "/api/turns", { method: "PUT" }, "unauthorized"],
    ["token before size", "/api/turns", { method: "POST", body: tooLong }, "unauthorized"],
    ["token before form", "/api/turns", { method: "POST", body: "{" }, "unauthorized"],
    ["token before settings", "/api/settings", {}, "unauthorized"],
    ["token before the form of settings", "/api/settings", { method: "PATCH", body: "{" }, "unauthorized"],
  ])("without a token: %s", async (_, path, call, code) => {
    expect(errorOf(await apiCall(server.url + path, call))).toBe(code);
  });

  it.each([
    ["an unknown route", "/api/nowhere", {}, "not_found"],
    ["the root", "/", {}, "not_found"],
    ["a wrong method", "/api/turns", { method: "PUT" }, "not_found"],
    ["a wrong method on a public path", "/api/config", { method: "DELETE" }, "not_found"],
    ["a trailing slash", "/api/session/", {}, "not_found"],
    ["an OPTIONS that is no preflight", "/api/session", { method: "OPTIONS" }, "not_found"],
    ["a method that settings have not", "/api/settings", { method: "PUT", body: {} }, "not_found"],
    ["size of settings before form", "/api/settings?a=1", { method: "PATCH", body: tooLong }, "too_large"],
    ["route before size", "/api/nowhere", { method: "POST", body: tooLong }, "not_found"],
    ["size before form", "/api/turns?unknown=1", { method: "POST", body: tooLong }, "too_large"],
    ["size of a body that is not taken", "/api/session", { method: "GET", body: tooLong }, "too_large"],
    ["form", "/api/turns", { method: "POST", body: "{" }, "bad_request"],
  ])("with a token: %s", async (_, path, call, code) => {
    expect(errorOf(await apiCall(server.url + path, { ...call, token: server.token }))).toBe(code);
  });

  it("answers HEAD without a body as an unknown route", async () => {
    const answer = await apiCall(`${server.url}/api/feed`, { method: "HEAD", token: server.token });
    expect(answer).toMatchObject({ status: 404, text: "" });
  });

  it.each(["", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "Bearer wrong token"])(
    "knows nobody by the Authorization %j",
    async (authorization) => {
      const answer = await apiCall(`${server.url}/api/session`, { headers: { authorization } });
      expect(errorOf(answer)).toBe("unauthorized");
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
    },
  );

  it("takes a body of exactly the limit and lets the client read the refusal of a longer one, also in chunks", async () => {
    const call = { method: "POST", token: server.token };
    const atLimit = await apiCall(`${server.url}/api/turns`, { ...call, body: " ".repeat(LIMITS.bodyBytes) });
    expect(errorOf(atLimit)).toBe("bad_request");
    const chunked = { "transfer-encoding": "chunked" };
    const long = "x".repeat(3 * LIMITS.bodyBytes);
    expect(errorOf(await apiCall(`${server.url}/api/turns`, { ...call, body: long, headers: chunked }))).toBe(
      "too_large",
    );
    expect(errorOf(await apiCall(`${server.url}/api/turns`, { ...call, body: long }))).toBe("too_large");
  });

  it("gives every answer an id and the headers that keep it out of pages and caches", async () => {
    const calls = [apiCall(`${server.url}/health`), apiCall(`${server.url}/api/nowhere`)];
    for (const { headers } of await Promise.all(calls)) {
      expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers["cache-control"]).toBe("no-store");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    }
  });
});
