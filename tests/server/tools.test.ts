import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import type { TurnEvent } from "../../lib/protocol/events.ts";
import { toolsSchema } from "../../lib/protocol/responses.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import {
  everythingEntry,
  filesystemEntry,
  type HttpMcpServer,
  memoryEntry,
  startEverythingHttp,
  writeMcpConfig,
} from "../fixtures/mcp-servers.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, callTool, type Reply, say } from "../fixtures/upstream-script.ts";

let folder: string;
let http: HttpMcpServer;
let server: Awaited<ReturnType<typeof startScriptedServer>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sidestream-tools-"));
  writeFileSync(join(folder, "note.txt"), "The harbour opens at nine.");
  http = await startEverythingHttp();
  const MCP_CONFIG = await writeMcpConfig(folder, {
    every: everythingEntry(),
    web: { url: `http://127.0.0.1:${http.port}/mcp` },
    files: filesystemEntry(folder),
    memory: memoryEntry(join(folder, "memory.json")),
  });
  const env = { MCP_CONFIG, TOOL_TIMEOUT_MS: "1500", APPROVAL_TIMEOUT_MS: "3000", MAX_TOOL_ROUNDS: "10" };
  server = await startScriptedServer(() => say("no script"), { env });
  await vi.waitFor(
    async () => expect((await tools()).map(({ status }) => status)).toEqual(Array(4).fill("ready")),
    20_000,
  );
});
afterAll(async () => {
  await server.close();
  await http.kill();
  rmSync(folder, { recursive: true });
});

const post = (path: string, body?: unknown) =>
  apiCall(server.url + path, { token: server.token, method: "POST", body });
const decide = (turnId: string, callId: string, body: unknown) => post(`/api/turns/${turnId}/calls/${callId}`, body);

async function tools() {
  return toolsSchema.parse((await apiCall(`${server.url}/api/tools`, { token: server.token })).json).servers;
}

describe("tools of real MCP servers", () => {
  it("are listed with what they may do", async () => {
    const servers = await tools();
    expect(servers.map(({ name }) => name)).toEqual(["every", "web", "files", "memory"]);
    const files = servers.find(({ name }) => name === "files")?.tools;
    expect(files?.find(({ name }) => name === "read_text_file")).toMatchObject({ readOnly: true, approval: "allow" });
    expect(files?.find(({ name }) => name === "write_file")).toMatchObject({ readOnly: false, approval: "ask" });
  });

  it.each(["every", "web"])("are called over %s and their results reach the model and the message", async (name) => {
    const { state, requests } = await ask([callTool(`${name}__echo`, { message: "Ahoy" }), say("It said Ahoy.")]);
    expect(state.parts).toMatchObject([
      { type: "tool", server: name, tool: "echo", args: { message: "Ahoy" }, state: "done" },
      { type: "text", text: "It said Ahoy." },
    ]);
    expect(JSON.stringify(requests[1]?.body)).toMatch(/untrusted-[0-9a-f]{24}.*Echo: Ahoy/);
  });

  it("are called in parallel: all are asked before the first has answered", async () => {
    const calls = [
      { id: "slow", name: "every__trigger-long-running-operation", args: { duration: 1, steps: 4 } },
      { id: "sum", name: "web__get-sum", args: { a: 2, b: 40 } },
      { id: "file", name: "files__read_text_file", args: { path: join(folder, "note.txt") } },
    ];
    const { events, state } = await ask([answer({ calls }), say("Done.")]);
    const order = events.map(({ event }) => ("callId" in event ? `${event.type} ${event.callId}` : event.type));
    const firstResult = order.findIndex((each) => each.startsWith("tool-result"));
    for (const id of ["slow", "sum", "file"]) expect(order.indexOf(`tool-call ${id}`)).toBeLessThan(firstResult);
    expect(order.at(order.lastIndexOf("tool-result slow"))).toBe(
      order.findLast((each) => each.startsWith("tool-result")),
    );
    expect(order).toContain("tool-progress slow");
    expect(JSON.stringify(state.parts)).toMatch(/42.*The harbour opens at nine/s);
  });

  it("that fail are results for the model", async () => {
    const { state } = await ask([
      callTool("files__read_text_file", { path: "/etc/hostname" }),
      say("I may not read it."),
    ]);
    expect(state).toMatchObject({
      status: "complete",
      parts: [{ state: "failed", error: expect.stringMatching(/denied/i) }, {}],
    });
  });

  it("that are slow are cut by the timeout, and the answer comes", async () => {
    const { state } = await ask([
      // One step: no progress that would prolong the wait.
      callTool("every__trigger-long-running-operation", { duration: 30, steps: 1 }),
      say("It took too long."),
    ]);
    expect(state).toMatchObject({
      status: "complete",
      parts: [{ state: "failed", error: expect.stringMatching(/1\.5 s|time/i) }, {}],
    });
  });

  it("are cancelled by a stop, with the text kept", async () => {
    const calls = [{ id: "c", name: "every__trigger-long-running-operation", args: { duration: 30, steps: 300 } }];
    const { turnId, conversationId, stream } = await begin([answer({ tokens: ["Let me see. "], calls })]);
    const seen = await stream.until(({ data }) => data.includes("tool-progress"));
    await post(`/api/turns/${turnId}/stop`);
    const events = numbered([...seen, ...(await stream.rest())]);
    expect(ends(events)).toEqual([{ type: "stopped" }]);
    const saved = await savedAnswer(server, conversationId);
    expect(saved).toMatchObject({
      status: "stopped",
      parts: [{ text: "Let me see. " }, { type: "tool", state: "failed" }],
    });
  });

  it("give images, which the answer keeps", async () => {
    const { state } = await ask([callTool("every__get-tiny-image", {}), say("A tiny image.")]);
    expect(JSON.stringify(state.parts[0])).toContain('"type":"image","mimeType":"image/png"');
  });

  it("give JSON, and remember between the turns", async () => {
    const entities = [{ name: "Ada", entityType: "person", observations: ["likes tides"] }];
    await approved([callTool("memory__create_entities", { entities }), say("Noted.")]);
    const { state } = await ask([callTool("memory__search_nodes", { query: "Ada" }), say("Tides.")]);
    expect(JSON.stringify(state.parts[0])).toContain("likes tides");
  });

  it("end after ten rounds with an answer that says why", async () => {
    const rounds = Array.from({ length: 10 }, (_, n) => callTool("every__echo", { message: `round ${n}` }, `c${n}`));
    const { state, requests } = await ask([...rounds, say("That is all I could find in ten rounds.")]);
    expect(requests).toHaveLength(11);
    expect(requests[10]?.body).not.toHaveProperty("tools");
    expect(JSON.stringify(requests[10]?.body)).toContain("limit of 10 rounds");
    expect(state.parts.filter(({ type }) => type === "tool")).toHaveLength(10);
    expect(textOf(state.parts)).toBe("That is all I could find in ten rounds.");
  });
});

describe("an approval", () => {
  const write = (name: string) => callTool("files__write_file", { path: join(folder, name), content: "x" }, "w");

  it("given on one client is shown decided on the other, and a later answer is refused", async () => {
    const other = await openEventSource(`${server.url}/api/feed`, { token: server.token });
    const { turnId, stream } = await begin([write("a.txt"), say("Written.")]);
    const seen = await stream.until(({ data }) => data.includes("approval-needed"));
    await other.until(({ data }) => data.includes("approval-needed"));
    const [allow, deny] = await Promise.all([
      decide(turnId, "w", { decision: "allow" }),
      decide(turnId, "w", { decision: "deny" }),
    ]);
    expect([allow.status, deny.status].filter((status) => status < 300)).toHaveLength(1);
    const winner = allow.status < 300 ? "allow" : "deny";
    expect((await other.until(({ data }) => data.includes('"type":"approval"'))).at(-1)?.data).toContain(`"${winner}"`);
    other.close();
    const events = numbered([...seen, ...(await stream.rest())]);
    expect(fold(events).parts[0]).toMatchObject({ state: winner === "allow" ? "done" : "denied" });
    // The turn has ended: the call is decided all the same.
    expect(errorOf(await decide(turnId, "w", { decision: "allow" }))).toBe("already_decided");
  });

  it("that is denied is told to the model, which answers", async () => {
    const { turnId, stream } = await begin([write("b.txt"), say("Then not.")]);
    const seen = await stream.until(({ data }) => data.includes("approval-needed"));
    await decide(turnId, "w", { decision: "deny" });
    const state = fold(numbered([...seen, ...(await stream.rest())]));
    expect(state).toMatchObject({ status: "complete", parts: [{ state: "denied" }, { text: "Then not." }] });
  });

  it("that nobody gives expires to deny", async () => {
    const { state, events } = await ask([write("c.txt"), say("Nobody answered.")]);
    expect(types(events)).toEqual([
      "started",
      "tool-call",
      "approval-needed",
      "approval",
      "tool-result",
      "text",
      "completed",
    ]);
    expect(state.parts[0]).toMatchObject({ state: "denied", error: expect.stringContaining("Nobody approved") });
  });

  it("given always is not asked for again", async () => {
    await approved([callTool("files__create_directory", { path: join(folder, "d") }, "w"), say("Made.")], {
      remember: true,
    });
    const { events } = await ask([callTool("files__create_directory", { path: join(folder, "e") }), say("Made too.")]);
    expect(types(events)).not.toContain("approval-needed");
    const files = (await tools()).find(({ name }) => name === "files");
    expect(files?.tools.find(({ name }) => name === "create_directory")).toMatchObject({ approval: "allow" });
  });
});

it("only the servers that a question names are offered to the model", async () => {
  const { requests } = await ask([say("Hello.")], { tools: { servers: ["memory"] } });
  const names = toolNames.parse(requests[0]?.body).tools.map((tool) => tool.function.name);
  expect(names.length).toBeGreaterThan(0);
  expect(names.every((name) => name.startsWith("memory__"))).toBe(true);
});

const toolNames = z.object({ tools: z.array(z.object({ function: z.object({ name: z.string() }) })) });

async function begin(script: readonly Reply[], changes: Parameters<typeof turnBody>[0] = {}) {
  const before = server.upstream.requests.length;
  server.upstream.play(script);
  const body = turnBody(changes);
  const { token } = server;
  const stream = await openEventSource(`${server.url}/api/chat/stream`, { token, method: "POST", body });
  return { ...body, stream, requests: () => server.upstream.requests.slice(before) };
}

async function ask(script: readonly Reply[], changes: Parameters<typeof turnBody>[0] = {}) {
  const { stream, requests } = await begin(script, changes);
  const events = numbered(await stream.rest());
  return { events, state: fold(events), requests: requests() };
}

async function approved(script: readonly Reply[], { remember = false } = {}): Promise<void> {
  const { turnId, stream } = await begin(script);
  const frame = (await stream.until(({ data }) => data.includes("approval-needed"))).at(-1);
  const { callId } = z.object({ callId: z.string() }).parse(JSON.parse(frame?.data ?? ""));
  await decide(turnId, callId, { decision: "allow", remember });
  expect((await stream.rest()).at(-1)?.data).toContain("completed");
}

function types(events: readonly { event: { type: TurnEvent["type"] | "unknown" } }[]): string[] {
  return events.map(({ event }) => event.type);
}
