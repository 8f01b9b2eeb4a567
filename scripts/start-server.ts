import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./run-tool.ts";
import { until } from "./until.ts";

export type StartedServer = {
  url: string;
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
    stdio: ["ignore", "inherit", "inherit"],
  });
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const ended = new Promise<number>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
  void ended.then(() => process.off("exit", endWithUs));

  await until("the server to answer", () => {
    if (child.exitCode !== null) throw new Error("The server did not start: the reason is above.");
    return isHealthy(url);
  });
  return {
    url,
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
