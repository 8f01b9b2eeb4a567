import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import * as z from "zod";
import { createClerkAuth } from "./adapters/clerk-auth/index.ts";
import { createConvexStore } from "./adapters/convex-store/index.ts";
import { probeConvex } from "./adapters/convex-store/probe.ts";
import { createDemoModel } from "./adapters/demo-model/index.ts";
import { createLocalAuth, type LocalAuth } from "./adapters/local-auth/index.ts";
import { createMcpToolbox, type McpConfig } from "./adapters/mcp-toolbox/index.ts";
import { createOpenRouterModel } from "./adapters/openrouter-model/index.ts";
import { createSqliteStore } from "./adapters/sqlite-store/index.ts";
import { createSqliteTurnLog } from "./adapters/sqlite-turn-log/index.ts";
import { clerkConfigOf } from "./clerk-config.ts";
import type { Config } from "./config.ts";
import { convexConfigOf } from "./convex-config.ts";
import type { Model } from "./ports/model.ts";
import type { Store } from "./ports/store.ts";
import type { TokenVerifier } from "./ports/token-verifier.ts";
import type { Adapters } from "./start-server.ts";

/**
 * The adapters that the configuration asks for; `local` is there without Clerk. Fails when a file in DATA_DIR cannot be
 * used, when Clerk's keys are not to be had, and when Convex refuses the deploy key or has not our functions.
 */
export async function createAdapters(
  config: Config,
  mcp: McpConfig,
  logger: Logger,
): Promise<Adapters & { local?: LocalAuth }> {
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  // First, because they may fail: there is nothing to close then.
  const auth = await createAuth(config, logger);
  const store = await createStore(config, logger);
  return {
    ...auth,
    store,
    log: createSqliteTurnLog({
      path: ownersFile(config.DATA_DIR, "turn-log.sqlite"),
      synchronous: config.SQLITE_SYNCHRONOUS,
      onError: (err) => logger.error({ err }, "the turn log reported an error"),
    }),
    model: createModel(config),
    toolbox: createMcpToolbox({ config: mcp, callTimeoutMs: config.TOOL_TIMEOUT_MS, logger }),
    publicConfig: {
      auth: auth.local === undefined ? "clerk" : "local",
      version: packageVersion(),
      features: ["search", ...(mcp.servers.length > 0 ? ["tools"] : []), ...(usesDemo(config) ? ["demo-model"] : [])],
    },
  };
}

async function createAuth(
  config: Config,
  logger: Logger,
): Promise<{ verifier: TokenVerifier; pairing?: LocalAuth; local?: LocalAuth }> {
  const clerk = clerkConfigOf(config);
  if (clerk === undefined) {
    const local = createLocalAuth({ dataDir: config.DATA_DIR, token: config.LOCAL_TOKEN });
    return { verifier: local, pairing: local, local };
  }
  const onError = (err: unknown) => logger.warn({ err }, "Clerk's keys could not be fetched; the last ones stay good");
  return { verifier: await createClerkAuth({ ...clerk, onError }) };
}

async function createStore(config: Config, logger: Logger): Promise<Store> {
  const onWatcherError = (err: unknown) => logger.error({ err }, "a watcher of history failed");
  const convex = convexConfigOf(config);
  if (convex === undefined) {
    return createSqliteStore({ path: ownersFile(config.DATA_DIR, "history.sqlite"), onWatcherError });
  }
  const probe = await probeConvex(convex);
  if (probe.is === "misconfigured") throw new Error(probe.fault);
  if (probe.is === "unreachable") {
    logger.warn({ reason: probe.reason }, "Convex cannot be reached yet; the server starts and goes on trying");
  }
  return createConvexStore({ ...convex, onWatcherError });
}

/** The path of a file that only the owner can read, also in a DATA_DIR that is open to others; SQLite keeps the mode. */
function ownersFile(folder: string, name: string): string {
  const path = join(folder, name);
  closeSync(openSync(path, "a", 0o600));
  return path;
}

function createModel(config: Config): Model {
  if (config.OPENROUTER_API_KEY === undefined) return createDemoModel();
  return createOpenRouterModel({
    baseUrl: config.OPENROUTER_BASE_URL,
    apiKey: config.OPENROUTER_API_KEY,
    models: config.MODELS,
    defaultModel: config.DEFAULT_MODEL,
    idleTimeoutMs: config.MODEL_IDLE_TIMEOUT_MS,
  });
}

function usesDemo(config: Config): boolean {
  return config.OPENROUTER_API_KEY === undefined;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
