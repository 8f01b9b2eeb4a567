import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import { freePort } from "../scripts/ports.ts";
import { ROOT } from "../scripts/run-tool.ts";
import { until } from "../scripts/until.ts";
import type { Ask } from "./reader.ts";

export type Relay = {
  name: "pipe" | "server";
  url: string;
  /** CPU seconds since its start. */
  cpuSeconds(): Promise<number>;
  /** Bytes of heap after a collection. */
  heapBytes(): Promise<number>;
  /** A request that starts an answer and reads it. */
  ask(): Ask;
  stop(): Promise<void>;
};

const TOKEN = "bench-token-bench-token-bench-token";
const probeSchema = z.object({ cpuSeconds: z.number(), heapBytes: z.number() });

/** The yardstick on a core of its own. */
export async function startPipe(upstream: string): Promise<Relay> {
  const port = await freePort();
  const child = start("bench/pipe.ts", { PORT: String(port), UPSTREAM: upstream });
  const url = `http://127.0.0.1:${port}`;
  await until("the pipe to listen", () => fetch(url, { method: "POST" }).then(cancelled, () => undefined));
  const body = JSON.stringify({ model: "bench", stream: true, messages: [] });
  return {
    ...running(child, "pipe", url),
    ask: () => ({ url, method: "POST", headers: { "content-type": "application/json" }, body }),
  };
}

/** The server as it is shipped, with its embedded store and log, on a core of its own. */
export async function startServer(upstream: string): Promise<Relay> {
  const port = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), "sidestream-bench-"));
  const child = start("server/main.ts", {
    PORT: String(port),
    DATA_DIR: dataDir,
    OPENROUTER_API_KEY: "bench",
    OPENROUTER_BASE_URL: upstream,
    MODELS: "bench",
    LOCAL_TOKEN: TOKEN,
    LOG_LEVEL: "warn",
    RATE_LIMIT_PER_MINUTE: "1000000",
    MODEL_IDLE_TIMEOUT_MS: "600000",
  });
  const url = `http://127.0.0.1:${port}`;
  await until("the server to answer", () => fetch(`${url}/health`).then(cancelled, () => undefined));
  const relay = running(child, "server", url);
  return {
    ...relay,
    ask: () => ({ url: `${url}/api/chat/stream`, method: "POST", headers: HEADERS, body: turnBody() }),
    async stop() {
      await relay.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export const HEADERS = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

/** A turn in a conversation of its own. */
export function turnBody(turnId = uuidv7()): string {
  const message = { id: uuidv7(), parts: [{ type: "text", text: "Go." }] };
  return JSON.stringify({ turnId, conversationId: uuidv7(), parentId: null, message });
}

function start(file: string, env: Record<string, string>): ChildProcess {
  const node = [process.execPath, "--expose-gc", "--import", join(ROOT, "bench/probe.ts"), join(ROOT, file)];
  const [command = "", ...rest] = hasTaskset() ? ["taskset", "-c", "0", ...node] : node;
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
  return spawn(command, rest, { cwd: tmpdir(), env: environment, stdio: ["ignore", "ignore", "inherit", "ipc"] });
}

/** Whether processes can be put on cores of their own (Linux with util-linux); without it both sides share all cores. */
export function hasTaskset(): boolean {
  return spawnSync("taskset", ["-V"]).status === 0;
}

function running(child: ChildProcess, name: Relay["name"], url: string): Omit<Relay, "ask"> {
  return {
    name,
    url,
    cpuSeconds: async () => (await probe(child, "cpu")).cpuSeconds,
    heapBytes: async () => (await probe(child, "heap")).heapBytes,
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function probe(child: ChildProcess, question: "cpu" | "heap") {
  child.send(question);
  const [answer] = await once(child, "message");
  return probeSchema.parse(answer);
}

async function cancelled(response: Response): Promise<true> {
  await response.body?.cancel();
  return true;
}
