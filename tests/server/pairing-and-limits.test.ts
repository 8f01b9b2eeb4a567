import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { startTestServer, type TestServer } from "../fixtures/test-server.ts";
import { ALICE, BOB, withTwoUsers } from "../fixtures/two-users.ts";

const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function start(...options: Parameters<typeof startTestServer>) {
  const server = await startTestServer(...options);
  servers.push(server);
  return server;
}

describe("pairing", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await start();
  });
  const pair = (code: string) => apiCall(`${server.url}/api/pair`, { method: "POST", body: { code } });

  it("gives the token for the code, as often as devices are paired", async () => {
    for (let device = 0; device < 12; device++) {
      const typed = device % 2 === 0 ? server.pairingCode : server.pairingCode.toLowerCase().replace("-", " ");
      const { token } = JSON.parse((await pair(typed)).text);
      expect(token).toBe(server.token);
    }
    expect((await apiCall(`${server.url}/api/session`, { token: server.token })).status).toBe(200);
  });

  it("stops guessing after five wrong codes, for the right one too", async () => {
    for (let guess = 0; guess < 5; guess++) expect(errorOf(await pair("WRNG-CDE2"))).toBe("unauthorized");
    const late = await pair(server.pairingCode);
    expect(errorOf(late)).toBe("rate_limited");
    expect(Number(late.headers["retry-after"])).toBeGreaterThan(0);
    expect(late.text).not.toContain(server.token);
  });

  it("counts guesses that come at once", async () => {
    const codes = await Promise.all(Array.from({ length: 30 }, async () => errorOf(await pair("WRNG-CDE2"))));
    expect(codes.filter((code) => code === "unauthorized")).toHaveLength(5);
  });
});

describe("the rate limit", () => {
  it("is each user's own and leaves public paths alone", async () => {
    const server = await start({ env: { RATE_LIMIT_PER_MINUTE: "3" }, adapt: withTwoUsers });
    const ask = (token: string) => apiCall(`${server.url}/api/session`, { token });
    for (let request = 0; request < 3; request++) expect((await ask(ALICE)).status).toBe(200);
    const late = await ask(ALICE);
    expect(errorOf(late)).toBe("rate_limited");
    expect(Number(late.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask(BOB)).status).toBe(200);
    for (let request = 0; request < 5; request++) expect((await apiCall(`${server.url}/health`)).status).toBe(200);
  });
});
