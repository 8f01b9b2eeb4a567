import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LaunchedBrowser } from "../../scripts/launch-browser.ts";
import { type SamplePage, serveSamplePage } from "../../scripts/sample-page.ts";
import { evaluateInWorker } from "../../scripts/side-panel.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { attack, type Loot, type Readings } from "../fixtures/attacks.ts";
import { type BrowserProfile, createBrowserProfile } from "../fixtures/browser-profile.ts";
import { OPEN_DOOR_ANSWER, type OpenDoor, startOpenDoor } from "../fixtures/open-door.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say } from "../fixtures/upstream-script.ts";

/** Names of the attacker that lead to this machine, as they do after a DNS rebinding. */
const STRANGER = "stranger.example";
const NAMES = `--host-resolver-rules=MAP *.example 127.0.0.1`;
/** Younger Chromiums ask the person before a page of the internet reaches this machine. The server must not need that. */
const UNGUARDED = "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets";
const SANDBOX = "sandbox allow-scripts allow-forms";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
let openDoor: OpenDoor;
let site: SamplePage;
let profile: BrowserProfile;
let launched: LaunchedBrowser;
let browser: Browser;
let page: Page;
const asked = turnBody({ text: "a secret question" });

beforeAll(async () => {
  server = await startScriptedServer(() => say("a secret answer"));
  openDoor = await startOpenDoor();
  site = await serveSamplePage();
  await apiCall(`${server.url}/api/chat/stream`, { method: "POST", token: server.token, body: asked });
  profile = createBrowserProfile();
  launched = await profile.start({ args: [NAMES, UNGUARDED] });
  browser = await chromium.connectOverCDP(launched.endpoint);
});
afterAll(async () => {
  await browser?.close();
  await profile?.remove();
  site?.close();
  openDoor?.close();
  await server?.close();
});
beforeEach(async () => {
  const [context] = browser.contexts();
  if (!context) throw new Error("the browser has no context");
  page = await context.newPage();
  openDoor.arrivals.clear();
  return () => page.close();
});

describe("a page of another origin", () => {
  it.each([
    ["on another port of this machine", () => page.goto(site.url)],
    ["on another name", () => page.goto(site.url.replace("127.0.0.1", STRANGER))],
    [
      "in a sandbox, whose origin is null,",
      () => visitAs(`http://${STRANGER}`, { "Content-Security-Policy": SANDBOX }),
    ],
  ])("%s reads nothing and changes nothing", async (_, visit) => {
    await visit();
    await expectAttacksToWork(openDoor.url);
    const readings = await attackInVain(server.url);
    expect(whatWasRead(readings)).toEqual({});
  });

  it("whose name leads to the server (DNS rebinding) is refused and changes nothing", async () => {
    const own = openDoor.url.replace("127.0.0.1", STRANGER);
    await visitAs(own);
    expect(whatWasRead(await page.evaluate(attack, lootOf(own)))["fetch with token /api/session"]).toContain(
      OPEN_DOOR_ANSWER,
    );

    const rebound = server.url.replace("127.0.0.1", STRANGER);
    await visitAs(rebound);
    const read = whatWasRead(await attackInVain(rebound));
    // To its own origin a page may listen: all that it hears is the refusal.
    expect(read["fetch with token /api/session"]).toMatch(/^403 .*"forbidden"/);
    const refusal =
      /^(403 )?\{"error":\{"code":"forbidden","message":"This server does not answer to that host name\."/;
    expect(Object.entries(read).filter(([, text]) => !refusal.test(text))).toEqual([]);
  });
});

describe("the extension", () => {
  it("reads and writes with the same calls", async () => {
    const { api, token, conversationId } = lootOf(server.url);
    const call = (path: string, init: Record<string, unknown> = {}) => {
      const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
      const request = `fetch(${JSON.stringify(api + path)}, ${JSON.stringify({ headers, ...init })})`;
      return evaluateInWorker(launched, `${request}.then((response) => response.text())`);
    };
    expect(await call(`/api/conversations/${conversationId}/messages`)).toContain("a secret answer");
    const turn = turnBody({ text: "the next secret" });
    expect(await call("/api/chat/stream", { method: "POST", body: JSON.stringify(turn) })).toContain("completed");
    expect(JSON.stringify(await stateOfServer())).toContain("the next secret");
  });
});

/** Lets the page try everything: the server says 403 to each request, and nothing is changed by any. */
async function attackInVain(api: string): Promise<Readings> {
  const before = { state: await stateOfServer(), answers: await answersOfServer() };
  const readings = await page.evaluate(attack, lootOf(api));
  const after = await answersOfServer();
  const grown = [...after].filter(([status, count]) => count !== (before.answers.get(status) ?? 0));
  expect(grown.map(([status]) => status)).toEqual(["403"]);
  const refused = (after.get("403") ?? 0) - (before.answers.get("403") ?? 0);
  expect(refused).toBeGreaterThanOrEqual(Object.keys(readings).length);
  expect(await stateOfServer()).toEqual(before.state);
  return readings;
}

/** By status, how many requests the server has answered, but for those that ask this. */
async function answersOfServer(): Promise<Map<string, number>> {
  const { text } = await apiCall(`${server.url}/metrics`);
  const counts = new Map<string, number>();
  for (const [, labels = "", count] of text.matchAll(/^sidestream_http_requests_total\{(.*)\} (\d+)$/gm)) {
    const status = /status="(\d+)"/.exec(labels)?.[1] ?? "none";
    if (!labels.includes('route="/metrics"')) counts.set(status, (counts.get(status) ?? 0) + Number(count));
  }
  return counts;
}

/** All that a page could change: the history, and what was asked of the model. */
async function stateOfServer(): Promise<unknown> {
  const read = async (path: string) => (await apiCall(server.url + path, { token: server.token })).json;
  return {
    changes: await read("/api/changes?limit=200"),
    conversations: await read("/api/conversations"),
    messages: await read(`/api/conversations/${asked.conversationId}/messages`),
    modelCalls: server.upstream.requests.length,
  };
}

function lootOf(api: string): Loot {
  const { token, pairingCode: code } = server;
  return { api, token, code, conversationId: asked.conversationId, turn: turnBody({ text: "a page asks" }) };
}

function whatWasRead(readings: Readings): Readings {
  return Object.fromEntries(Object.entries(readings).filter(([, text]) => text !== ""));
}

/** Where nothing is protected each attack arrives, and what can be read is read: so it is the server that keeps them out. */
async function expectAttacksToWork(url: string): Promise<void> {
  const loot = lootOf(url);
  const read = whatWasRead(await page.evaluate(attack, loot));
  const conversation = `/api/conversations/${loot.conversationId}`;
  expect(read["fetch with token /api/session"]).toBe(`200 ${OPEN_DOOR_ANSWER}`);
  expect(read["EventSource /api/feed"]).toBe("open");
  expect(read[`PATCH with token ${conversation}`]).toBe(`200 ${OPEN_DOOR_ANSWER}`);
  expect([...openDoor.arrivals]).toEqual(
    expect.arrayContaining([
      `GET ${conversation}/messages`,
      `DELETE ${conversation}`,
      "POST /api/turns",
      "POST /api/pair",
    ]),
  );
}

/** A page that was loaded while its name still led to the attacker, who used the same port. */
async function visitAs(origin: string, headers: Record<string, string> = {}): Promise<void> {
  const address = `${origin}/attack`;
  const body = "<body>Nothing to see here</body>";
  await page.route(address, (route) => route.fulfill({ contentType: "text/html", headers, body }));
  await page.goto(address);
}
