import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { type ScriptedUpstream, startScriptedUpstream } from "../fixtures/scripted-upstream.ts";
import { spawnServer } from "../fixtures/server-process.ts";
import { startTestServer } from "../fixtures/test-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say, stall, text, until } from "../fixtures/upstream-script.ts";

const LOCAL_TOKEN = "a-token-of-thirty-two-characters";
let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sidestream-stop-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** Starts a turn and follows it until its first text. */
async function begun(url: string, body: ReturnType<typeof turnBody>) {
  const follower = await openEventSource(`${url}/api/chat/stream`, { token: LOCAL_TOKEN, method: "POST", body });
  const seen = await follower.until(({ data }) => data.includes("half "));
  return { follower, seen };
}

describe("a graceful stop", () => {
  it("refuses new turns, serves the rest and lets running ones end", async () => {
    const gate = Promise.withResolvers<void>();
    const steps = [text("half "), until(gate.promise), ...say("whole").steps];
    const server = await startScriptedServer({ steps }, { env: { LOCAL_TOKEN, DATA_DIR: dataDir } });
    const { follower } = await begun(server.url, turnBody());
    const feed = await openEventSource(`${server.url}/api/feed`, { token: LOCAL_TOKEN });
    await feed.until(({ data }) => data.includes("half "));

    const closed = server.close(30_000);
    const refused = await apiCall(`${server.url}/api/turns`, { token: LOCAL_TOKEN, method: "POST", body: turnBody() });
    expect(errorOf(refused)).toBe("unavailable");
    const ready = await apiCall(`${server.url}/ready`);
    expect(ready).toMatchObject({ status: 503, json: { status: "closing" } });
    expect(ready.headers["retry-after"]).toBeDefined();
    expect((await apiCall(`${server.url}/api/conversations`, { token: LOCAL_TOKEN })).status).toBe(200);
    gate.resolve();
    expect((await follower.rest()).at(-1)?.data).toContain('"completed"');
    expect((await feed.rest()).at(-1)?.data).toContain('"completed"');
    await closed;
    await expect(apiCall(`${server.url}/health`)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("closes what does not end in time as interrupted, with its text saved", async () => {
    const env = { LOCAL_TOKEN, DATA_DIR: dataDir };
    const server = await startScriptedServer({ steps: [text("half "), stall] }, { env });
    const body = turnBody();
    const { follower } = await begun(server.url, body);
    await server.close(0);
    const last = JSON.parse((await follower.rest()).at(-1)?.data ?? "");
    expect(last).toMatchObject({ type: "failed", code: "interrupted" });

    const again = await startTestServer({ env });
    const path = `${again.url}/api/conversations/${body.conversationId}/messages`;
    expect((await apiCall(path, { token: LOCAL_TOKEN })).json).toMatchObject({
      messages: [
        { role: "user" },
        { role: "assistant", status: "interrupted", parts: [{ type: "text", text: "half " }] },
      ],
    });
    await again.close();
  });
});

describe("the process", () => {
  let upstream: ScriptedUpstream;
  beforeEach(async () => {
    upstream = await startScriptedUpstream({ steps: [text("half "), stall] });
  });
  afterEach(() => upstream.close());
  const environment = () => ({
    DATA_DIR: dataDir,
    LOCAL_TOKEN,
    OPENROUTER_BASE_URL: upstream.baseUrl,
    OPENROUTER_API_KEY: "test-key",
  });

  it("says where it is and how to pair, logs no secrets, and ends well at SIGTERM", async () => {
    const server = spawnServer(environment());
    const url = await server.url;
    const question = "Is my password hunter2?";
    await (await openEventSource(`${url}/api/feed`, { token: LOCAL_TOKEN })).close();
    await apiCall(`${url}/api/search?q=hunter3`, { token: LOCAL_TOKEN });
    upstream.play(say("It was hunter4."));
    const body = turnBody({ text: question });
    const stream = await openEventSource(`${url}/api/chat/stream`, { token: LOCAL_TOKEN, method: "POST", body });
    await stream.rest();
    server.child.kill("SIGTERM");
    const { code, stdout, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const [first = "", ...logs] = stdout.trim().split("\n");
    expect(first).toMatch(/^Sidestream is at http:\/\/127\.0\.0\.1:\d+ · pairing code [2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const requests = logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "request");
    expect(requests).toContainEqual(
      expect.objectContaining({ method: "POST", route: "/api/chat/stream", status: 200, ms: expect.any(Number) }),
    );
    expect(logs.join("\n")).not.toMatch(/hunter|test-key|a-token-of/);
    expect(logs.join("\n")).not.toContain(/pairing code (\S+)/.exec(first)?.[1]);
  });

  it("names every fault of its configuration and exits with 1", async () => {
    const { code, stdout, stderr } = await spawnServer({ PORT: "0x50", HOST: "0.0.0.0", MCP_CONFIG: "/none" }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    for (const name of ["PORT", "HOST", "MCP_CONFIG"]) expect(stderr).toMatch(new RegExp(`^ +${name}: `, "m"));
  });

  it("reads .env, which the environment overrides", async () => {
    writeFileSync(join(dataDir, ".env"), "HOST=0.0.0.0\nLOG_LEVEL=loud\n");
    const { code, stderr } = await spawnServer({ HOST: "127.0.0.1" }, dataDir).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("LOG_LEVEL: ");
    expect(stderr).not.toContain("HOST: ");
  });

  it("says in one sentence that its port is taken", async () => {
    const first = await startTestServer();
    const PORT = new URL(first.url).port;
    const { code, stderr } = await spawnServer({ ...environment(), PORT }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^Port ${PORT} on 127\\.0\\.0\\.1 is in use: [^\\n]*\\n$`));
    await first.close();
  });

  it("says in one sentence that its data is in use by another server", async () => {
    const first = await startTestServer({ env: { DATA_DIR: dataDir, LOCAL_TOKEN } });
    const { code, stderr } = await spawnServer(environment()).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Sidestream could not start: [^\n]+\n$/);
    await first.close();
  });
});
