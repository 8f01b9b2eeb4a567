import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXTENSION_ID } from "../../lib/protocol/extension-id.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { startTestServer, type TestServer } from "../fixtures/test-server.ts";

const EXTENSION = `chrome-extension://${EXTENSION_ID}`;
const FIREFOX = "moz-extension://0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
const FRIEND = "https://friend.example:8443";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { ALLOWED_ORIGINS: `${FRIEND}, moz-extension://0f0f` } });
});
afterAll(() => server.close());

describe("Origin", () => {
  it.each([EXTENSION, FIREFOX, FRIEND, "moz-extension://0f0f"])("lets %s in and says so", async (origin) => {
    const answer = await apiCall(`${server.url}/api/session`, { token: server.token, headers: { origin } });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(origin);
    expect(answer.headers.vary).toContain("Origin");
    expect(answer.headers["access-control-expose-headers"]).toContain("Retry-After");
  });

  it.each([
    "null",
    "",
    "https://friend.example",
    "http://friend.example:8443",
    `${FRIEND}.evil.example`,
    "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "http://127.0.0.1",
    `${EXTENSION}, https://evil.example`,
    FIREFOX.toUpperCase(),
    FIREFOX.replace("0a1b2c3d", "0A1B2C3D"),
    `${FIREFOX}.evil.example`,
    `${FIREFOX}:8787`,
    `${FIREFOX}/`,
    `https://evil.example/${FIREFOX}`,
    FIREFOX.replace("moz-extension", "https"),
    "moz-extension://",
    "moz-extension://evil.example",
    "moz-extension://0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0",
  ])("keeps %j out, preflight included", async (origin) => {
    const headers = { origin, "access-control-request-method": "POST" };
    for (const [path, call] of [
      ["/health", { headers }],
      ["/api/config", { headers }],
      ["/api/session", { headers, token: server.token }],
      ["/api/turns", { headers, method: "OPTIONS" }],
    ] as const) {
      const answer = await apiCall(server.url + path, call);
      expect(errorOf(answer)).toBe("forbidden");
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  it("answers preflights without a token, for errors of the real request to be readable", async () => {
    const headers = { origin: EXTENSION, "access-control-request-method": "PATCH" };
    const preflight = await apiCall(`${server.url}/api/conversations/x`, { method: "OPTIONS", headers });
    expect(preflight).toMatchObject({ status: 204, text: "" });
    expect(preflight.headers["access-control-allow-methods"]).toContain("PATCH");
    expect(preflight.headers["access-control-allow-headers"]).toMatch(/Authorization.*Last-Event-ID/);
    expect(preflight.headers["access-control-allow-private-network"]).toBeUndefined();
    const refused = await apiCall(`${server.url}/api/session`, { headers: { origin: EXTENSION } });
    expect(refused.status).toBe(401);
    expect(refused.headers["access-control-allow-origin"]).toBe(EXTENSION);
  });

  it("allows the private network to whom it allows", async () => {
    const headers = {
      origin: EXTENSION,
      "access-control-request-method": "GET",
      "access-control-request-private-network": "true",
    };
    const preflight = await apiCall(`${server.url}/api/session`, { method: "OPTIONS", headers });
    expect(preflight.headers["access-control-allow-private-network"]).toBe("true");
  });

  it.each(["cross-site", "same-site"])("keeps out what a browser calls %s without naming an origin", async (site) => {
    const headers = { "sec-fetch-site": site };
    expect(errorOf(await apiCall(`${server.url}/api/config`, { headers }))).toBe("forbidden");
  });

  it.each(["none", "same-origin"])("lets in what a browser calls %s", async (site) => {
    expect((await apiCall(`${server.url}/api/config`, { headers: { "sec-fetch-site": site } })).status).toBe(200);
  });
});

describe("Host", () => {
  it.each(["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8787", "127.9.9.9", "[::1]", "[::1]:8787"])(
    "answers to %s",
    async (host) => {
      expect((await apiCall(`${server.url}/health`, { headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    "evil.example",
    "evil.example:8787",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example@127.0.0.1",
    "0.0.0.0",
    "10.0.0.5:8787",
    "[::2]",
    "localhost.",
    "localhost:99999999",
    "127.0.0.1/",
    "127.0.0.1:80:80",
    " ",
  ])("does not answer to %j", async (host) => {
    expect(errorOf(await apiCall(`${server.url}/health`, { headers: { host } }))).toBe("forbidden");
  });

  it("does not answer to no Host at all", async () => {
    expect(await rawAnswer("GET /health HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("goes by the Host header, not by an absolute address", async () => {
    const answer = await rawAnswer(
      "GET http://127.0.0.1/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("what is not HTTP", () => {
  it.each([
    ["nonsense", "hello\r\n\r\n", 400, "bad_request"],
    ["a broken length", "POST /api/pair HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400, "bad_request"],
    ["huge headers", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, 413, "too_large"],
    ["a path that is none", "GET nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400, "bad_request"],
  ])("answers %s in the form of the contract", async (_, bytes, status, code) => {
    const answer = await rawAnswer(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
    expect((await apiCall(`${server.url}/health`)).status).toBe(200);
  });
});

/** Everything that the server says to these bytes until it closes. */
function rawAnswer(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.write(bytes));
    socket.setEncoding("utf8").on("data", (text) => {
      answer += text;
    });
    socket.on("error", reject).on("close", () => resolve(answer));
  });
}
