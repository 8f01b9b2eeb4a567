import { expect, it, onTestFinished } from "vitest";
import { everythingEntry, freePort, startEverythingHttp } from "../../../tests/fixtures/mcp-servers.ts";
import { isRunning, type Rig, toolboxWith, until } from "../../../tests/fixtures/mcp-toolbox-rig.ts";

it("finds an HTTP server that appears later, loses it when it dies, and finds it again", async () => {
  const port = await freePort();
  const rig = await toolboxWith({ web: { url: `http://127.0.0.1:${port}/mcp` } });
  const down = await rig.reaches("web", "failed");
  expect(down).toMatchObject({ error: expect.stringContaining("ECONNREFUSED"), tools: [] });

  const first = await startEverythingHttp(port);
  onTestFinished(() => first.kill());
  await rig.reaches("web", "ready");
  expect(await rig.call("web", "echo", { message: "one" })).toMatchObject({ ok: true });

  const held = rig.box.call(
    { server: "web", tool: "trigger-long-running-operation", args: { duration: 60, steps: 600 } },
    { signal: new AbortController().signal, onProgress: () => first.kill() },
  );
  expect(await held).toMatchObject({ ok: false, error: expect.stringContaining("was lost") });
  await rig.reaches("web", "failed");

  const second = await startEverythingHttp(port);
  onTestFinished(() => second.kill());
  await rig.reaches("web", "ready");
  expect(await rig.call("web", "echo", { message: "two" })).toMatchObject({ ok: true });
});

it("calls a restarted HTTP server, that has forgotten the session, without the caller seeing it", async () => {
  const first = await startEverythingHttp();
  onTestFinished(() => first.kill());
  const rig = await toolboxWith({ web: { url: first.url } });
  await rig.reaches("web", "ready");
  await first.kill();
  const second = await startEverythingHttp(first.port);
  onTestFinished(() => second.kill());
  expect(await rig.call("web", "echo", { message: "again" })).toMatchObject({ ok: true });
});

it("starts a stdio server again that was killed, and leaves no process behind", async () => {
  const everything = everythingEntry();
  if (!("command" in everything)) throw new Error("a stdio entry");
  const script = `echo "pid $$" >&2; exec ${[everything.command, ...everything.args].map((word) => `'${word}'`).join(" ")}`;
  const rig = await toolboxWith({ child: { command: "sh", args: ["-c", script] } });
  await rig.reaches("child", "ready");

  const [first] = pidsOf(rig);
  if (first === undefined) throw new Error("the child has said its id");
  const held = rig.box.call(
    { server: "child", tool: "trigger-long-running-operation", args: { duration: 60, steps: 600 } },
    { signal: new AbortController().signal, onProgress: () => isRunning(first) && process.kill(first, "SIGKILL") },
  );
  expect(await held).toMatchObject({ ok: false, error: expect.stringContaining("has ended") });
  expect(await rig.call("child", "echo", { message: "back" })).toMatchObject({ ok: true });

  await rig.box.close();
  expect(pidsOf(rig)).toHaveLength(2);
  expect(pidsOf(rig).filter(isRunning)).toEqual([]);
});

it("closes while it is connecting, and calls nothing afterwards", async () => {
  const rig = await toolboxWith({ child: everythingEntry(), web: { url: `http://127.0.0.1:${await freePort()}/mcp` } });
  await rig.box.close();
  expect(await rig.call("child", "echo", { message: "too late" })).toMatchObject({ ok: false });
  await rig.box.close();
});

it("stops waiting for a server that does not come when the call is aborted", async () => {
  const silent = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1e6)"] };
  const rig = await toolboxWith({ silent });
  const stop = new AbortController();
  const reason = new Error("stopped");
  const call = rig.box.call(
    { server: "silent", tool: "any", args: {} },
    { signal: stop.signal, onProgress: () => undefined },
  );
  stop.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect(await until(() => rig.server("silent"), "the state")).toMatchObject({ status: "connecting", tools: [] });
});

function pidsOf(rig: Rig): number[] {
  return [...rig.log().matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
}
