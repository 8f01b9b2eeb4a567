import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "./run-tool.ts";
import { until } from "./until.ts";

export type StartedServer = {
  url: string;
  /** What the server says when it is up: its address and the pairing code. */
  greeting: string;
  /** Resolves with the exit code when the server ends, for whatever reason. */
  ended: Promise<number>;
  /** Lets running answers end in their time; resolves when the server is gone. */
  stop(): Promise<void>;
};

/** Starts the server as its own process on `port`; `settings` are environment variables over ours. */
export async function startServer(port: number, settings: Readonly<Record<string, string>>): Promise<StartedServer> {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(ROOT, "server/main.ts")], {
    cwd: ROOT,
    env: { ...process.env, ...settings, HOST: "127.0.0.1", PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
    // Ctrl+C must not reach it besides our own SIGTERM: a second signal ends it without waiting for running answers.
    detached: true,
  });
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
  void ended.then(() => process.off("exit", endWithUs));

  const lines = createInterface({ input: child.stdout });
  const greeting = new Promise<string>((resolve) => {
    lines.on("line", (line) => (line.startsWith("Sidestream is at") ? resolve(line) : console.log(line)));
  });
  await until("the server to answer", () => {
    if (child.exitCode !== null) throw new Error("The server did not start: the reason is above.");
    return isHealthy(url);
  });
  const said = await Promise.race([greeting, ended.then(() => "")]);
  return {
    url,
    greeting: said,
    ended,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** A refused connection means: not yet. */
function isHealthy(url: string): Promise<true | undefined> {
  return fetch(`${url}/health`).then(
    (response) => (response.ok ? true : undefined),
    () => undefined,
  );
}
