import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import type { McpEntry } from "../../../tests/fixtures/mcp-servers.ts";
import { isRunning, toolboxWith, until } from "../../../tests/fixtures/mcp-toolbox-rig.ts";
import { LIST_LIMITS } from "./list-tools.ts";

it("caps what a server lists, follows its pages and says what is left out", async () => {
  const rig = await oddToolbox();
  const { tools, error } = rig.server("odd");
  expect(tools).toHaveLength(LIST_LIMITS.tools);
  expect(error).toContain("left out");
  for (const { name } of tools) expect(`odd__${name}`).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  expect(new Set(tools.map((tool) => tool.name)).size).toBe(tools.length);
  const names = tools.map((tool) => tool.name);
  expect(names).toContain("with_dots_and_slashes");
  expect(names).not.toContain("heavy");
  expect(tools.find((tool) => tool.name === "wordy")?.description).toMatch(/… cut: 4000 of 10000 characters shown$/);
});

it("calls a tool by its mapped name", async () => {
  const rig = await oddToolbox();
  const outcome = await rig.call("odd", "with_dots_and_slashes");
  expect(outcome.content).toEqual([{ type: "text", text: "called with.dots/and slashes" }]);
});

it("lists again when the server says that its tools changed", async () => {
  const rig = await oddToolbox();
  await rig.call("odd", "grow");
  await until(() => rig.server("odd").tools.find((tool) => tool.name === "grown"), "the new tool is listed");
});

it("tells the server of an abort and of a timeout", async () => {
  const rig = await oddToolbox({ callTimeoutMs: 1_500 });
  const stop = new AbortController();
  const held = rig.box.call(
    { server: "odd", tool: "hold", args: {} },
    { signal: stop.signal, onProgress: () => undefined },
  );
  await until(() => rig.log().includes("holding") || undefined, "the call has arrived");
  stop.abort(new Error("private reason"));
  await expect(held).rejects.toThrow("private reason");
  await until(() => rig.log().includes("cancelled: stopped by the user") || undefined, "the server knows of the abort");
  expect(await rig.call("odd", "hold")).toMatchObject({ ok: false });
  await until(() => rig.log().includes("cancelled: The tool gave no answer") || undefined, "it knows of the timeout");
});

it("hides a key that the server repeats in an error", async () => {
  const rig = await oddToolbox();
  const outcome = await rig.call("odd", "leak");
  expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining("the key [hidden] was refused") });
  const text = "not with [hidden]";
  expect(await rig.call("odd", "whine")).toEqual({ ok: false, content: [{ type: "text", text }], error: text });
});

it("ends a server that does not want to end, and what it has started", async () => {
  const rig = await oddToolbox({}, { ODD_STUBBORN: "yes" });
  const pids = (/pids (\d+) (\d+)/.exec(rig.log()) ?? []).slice(1).map(Number);
  expect(pids.filter(isRunning)).toHaveLength(2);
  await rig.box.close();
  await until(() => (pids.some(isRunning) ? undefined : true), "its whole group is gone");
});

it("does not follow a redirect to another host with the headers", async () => {
  const seen: string[] = [];
  const other = await listening((request) => seen.push(request), 200, {});
  const first = await listening(() => undefined, 307, { Location: `${other}/mcp?with=query` });
  const rig = await toolboxWith({ web: { url: `${first}/mcp`, headers: { Authorization: "Bearer s3cret-key" } } });
  const { error } = await rig.reaches("web", "failed");
  expect(error).toContain("redirects to another host (HTTP 307)");
  expect(seen).toEqual([]);
});

async function oddToolbox(options: { callTimeoutMs?: number } = {}, env: Record<string, string> = {}) {
  const script = fileURLToPath(new URL("../../../tests/fixtures/odd-mcp-server.ts", import.meta.url));
  const odd: McpEntry = { command: process.execPath, args: [script], env: { ODD_KEY: "s3cret-key", ...env } };
  const rig = await toolboxWith({ odd }, options);
  await rig.reaches("odd", "ready");
  return rig;
}

/** The origin of a server on a free port that answers all requests alike. */
async function listening(
  onRequest: (url: string) => void,
  status: number,
  headers: Record<string, string>,
): Promise<string> {
  const server = createServer((request, response) => {
    onRequest(request.url ?? "");
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return `http://127.0.0.1:${address.port}`;
}
