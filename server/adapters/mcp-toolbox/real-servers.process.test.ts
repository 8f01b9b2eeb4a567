import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  everythingEntry,
  filesystemEntry,
  type HttpMcpServer,
  type McpEntry,
  memoryEntry,
  startEverythingHttp,
} from "../../../tests/fixtures/mcp-servers.ts";
import { type Rig, type RigOptions, toolboxWith, until } from "../../../tests/fixtures/mcp-toolbox-rig.ts";
import { temporaryDirectory } from "../../../tests/fixtures/temporary-directory.ts";
import type { ToolProgress } from "../../ports/toolbox.ts";

let http: HttpMcpServer;
beforeAll(async () => {
  http = await startEverythingHttp();
});
afterAll(() => http.kill());

const transports: [string, () => McpEntry][] = [
  ["stdio", () => everythingEntry()],
  ["Streamable HTTP", () => ({ url: http.url, headers: { Authorization: "Bearer a-key-of-mine" } })],
];

describe.each(transports)("server-everything over %s", (_, entry) => {
  const ends: (() => Promise<void>)[] = [];
  const ready = async (options: RigOptions = {}) => {
    const rig = await toolboxWith({ every: entry() }, options);
    await rig.reaches("every", "ready");
    return rig;
  };
  let rig: Rig;
  beforeAll(async () => {
    rig = await ready({ atEnd: (end) => ends.push(end) });
  });
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it("lists tools with their schema and whether they only read", async () => {
    const { tools, error } = rig.server("every");
    const sum = tools.find((tool) => tool.name === "get-sum");
    expect(error).toBeUndefined();
    expect(sum).toMatchObject({ title: "Get Sum Tool", readOnly: true, inputSchema: { required: ["a", "b"] } });
    expect(tools.find((tool) => tool.name === "gzip-file-as-resource")?.readOnly).toBe(false);
    // It can be called as a task only.
    expect(tools.map((tool) => tool.name)).not.toContain("simulate-research-query");
  });

  it("calls, also in parallel, and keeps the answers apart", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    const outcomes = await Promise.all(numbers.map((n) => rig.call("every", "echo", { message: `no. ${n}` })));
    expect(outcomes).toEqual(numbers.map((n) => ({ ok: true, content: [{ type: "text", text: `Echo: no. ${n}` }] })));
  });

  it("gives images as images and structured content once, as JSON", async () => {
    const image = await rig.call("every", "get-tiny-image");
    expect(image.content.map((part) => part.type)).toEqual(["text", "image", "text"]);
    expect(image.content[1]).toMatchObject({ mimeType: "image/png", data: expect.stringMatching(/^iVBOR/) });
    const weather = await rig.call("every", "get-structured-content", { location: "Chicago" });
    const json = { temperature: 36, conditions: "Light rain / drizzle", humidity: 82 };
    expect(weather).toEqual({ ok: true, content: [{ type: "json", json }] });
  });

  it("gives resources and links as text", async () => {
    const links = await rig.call("every", "get-resource-links", { count: 2 });
    expect(links.content[1]).toMatchObject({ text: expect.stringContaining("demo://resource/dynamic/blob/1") });
    const resource = await rig.call("every", "get-resource-reference");
    expect(resource.content[1]).toMatchObject({ text: expect.stringContaining("This is a plaintext resource") });
  });

  it("answers a failing call, an unknown tool and arguments that are no object with what is wrong", async () => {
    const wrong = await rig.call("every", "get-sum", { a: "one" });
    expect(wrong).toMatchObject({ ok: false, error: expect.stringContaining("expected number") });
    const unknown = await rig.call("every", "no-such-tool");
    expect(unknown).toMatchObject({ ok: false, error: expect.stringContaining('no tool "no-such-tool"') });
    expect(await rig.call("every", "echo", [1])).toMatchObject({ ok: false, error: expect.stringContaining("object") });
    expect(await rig.call("nobody", "echo")).toMatchObject({ ok: false, error: 'There is no tool server "nobody".' });
  });

  it("cuts a slow tool at the time limit", async () => {
    const hasty = await ready({ callTimeoutMs: 1_000 });
    const outcome = await hasty.call("every", LONG, { duration: 3, steps: 1 });
    expect(outcome).toMatchObject({ ok: false, content: [], error: expect.stringContaining("1 s") });
    expect(await hasty.call("every", "echo", { message: "still there" })).toMatchObject({ ok: true });
  });

  it("gives a tool that makes progress more time, and passes the progress on", async () => {
    const hasty = await ready({ callTimeoutMs: 1_500 });
    const seen: ToolProgress[] = [];
    const outcome = await hasty.box.call(
      { server: "every", tool: LONG, args: { duration: 2.4, steps: 12 } },
      { signal: new AbortController().signal, onProgress: (progress) => seen.push(progress) },
    );
    expect(outcome.ok).toBe(true);
    expect(seen[0]).toEqual({ progress: 1, total: 12 });
  });

  it("throws the reason of an abort at once, though the server goes on, before and during a call", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped");
    const call = { server: "every", tool: LONG, args: { duration: 60, steps: 600 } };
    await expect(rig.box.call(call, { signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(
      reason,
    );
    await expect(rig.box.call(call, { signal: stop.signal, onProgress: () => undefined })).rejects.toBe(reason);
    expect(await rig.call("every", "echo", { message: "next" })).toMatchObject({ ok: true });
  });
});

it("works with server-filesystem and server-memory beside each other", async () => {
  const directory = await temporaryDirectory();
  const rig = await toolboxWith({
    files: filesystemEntry(directory),
    memory: memoryEntry(join(directory, "memory.jsonl")),
  });
  await Promise.all([rig.reaches("files", "ready"), rig.reaches("memory", "ready")]);
  expect(rig.server("files").tools.find((tool) => tool.name === "write_file")?.readOnly).toBe(false);
  expect(rig.server("memory").tools.find((tool) => tool.name === "read_graph")?.readOnly).toBe(true);

  const path = join(directory, "note.txt");
  expect(await rig.call("files", "write_file", { path, content: "remember" })).toMatchObject({ ok: true });
  const read = await rig.call("files", "read_text_file", { path });
  expect(JSON.stringify(read.content)).toContain("remember");
  expect(await rig.call("files", "read_text_file", { path: "/etc/passwd" })).toMatchObject({
    ok: false,
    error: expect.stringContaining("Access denied"),
  });

  const entities = [{ name: "Ada", entityType: "person", observations: ["wrote the first program"] }];
  expect(await rig.call("memory", "create_entities", { entities })).toMatchObject({ ok: true });
  const graph = await rig.call("memory", "read_graph");
  expect(JSON.stringify(graph.content)).toContain("wrote the first program");
});

it("gives a stdio server its own variables and none of ours beyond the basic ones", async () => {
  const env = { PATH: process.env.PATH, OPENROUTER_API_KEY: "sk-ours-alone", TOKEN: "from-outside" };
  const rig = await toolboxWith({ every: everythingEntry({ OWN: `<$${"{TOKEN}"}>` }) }, { env });
  await rig.reaches("every", "ready");
  const outcome = JSON.stringify((await rig.call("every", "get-env")).content);
  expect(outcome).toContain("<from-outside>");
  expect(outcome).not.toContain("sk-ours-alone");
});

it("shows what is wrong with servers that cannot be reached, and hides their keys", async () => {
  const rig = await toolboxWith({
    missing: { command: "no-such-command-anywhere", args: [] },
    crash: {
      command: process.execPath,
      args: ["-e", "console.error('bad key', process.env.KEY); process.exit(1)"],
      env: { KEY: "s3cret-key" },
    },
    path: { url: http.url.replace("/mcp", "/elsewhere"), headers: { "X-Key": "s3cret-key" } },
  });
  const errors = await Promise.all(
    ["missing", "crash", "path"].map(async (name) => (await rig.reaches(name, "failed")).error),
  );
  expect(errors[0]).toContain("no-such-command-anywhere was not found");
  expect(errors[1]).toBe("The server's process has ended. Its last words: bad key [hidden]");
  expect(errors[2]).toContain("HTTP 404");
  expect(await rig.call("missing", "any")).toMatchObject({
    ok: false,
    error: expect.stringContaining("not connected"),
  });
  await until(() => rig.log().includes("prints") || undefined, "the child's words are logged");
  expect(rig.log()).not.toContain("s3cret-key");
});

const LONG = "trigger-long-running-operation";
