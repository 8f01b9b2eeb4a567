import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import * as z from "zod";
import { createDemoModel } from "./adapters/demo-model/index.ts";
import { createLocalAuth } from "./adapters/local-auth/index.ts";
import { createMcpToolbox, type McpConfig, readMcpConfig } from "./adapters/mcp-toolbox/index.ts";
import { createOpenRouterModel } from "./adapters/openrouter-model/index.ts";
import { createSqliteStore } from "./adapters/sqlite-store/index.ts";
import { createSqliteTurnLog } from "./adapters/sqlite-turn-log/index.ts";
import { type Config, type Environment, loadEnvironment, readConfig } from "./config.ts";
import type { Model } from "./ports/model.ts";
import { type Adapters, type RunningServer, startServer } from "./start-server.ts";

const GRACE_MS = 10_000;

if (import.meta.main) await main();

/** Config, adapters, server, and an orderly end at SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const setup = readSetup(loadEnvironment());
  if (!setup.ok) return giveUp(["The configuration is wrong:", ...setup.faults.map((fault) => `  ${fault}`)]);
  const { config, mcp } = setup;
  const logger = pino({ level: config.LOG_LEVEL });
  try {
    const adapters = createAdapters(config, mcp, logger);
    const server = await startServer(config, adapters, logger);
    process.stdout.write(`Sidestream is at ${server.url} · pairing code ${adapters.auth.pairingCode}\n`);
    closeOnSignals(server, logger);
  } catch (error) {
    giveUp([reasonOf(error, config)]);
  }
}

/** The whole configuration of an environment, mcp.json included, or all that is wrong with it. */
export function readSetup(
  environment: Environment,
): { ok: true; config: Config; mcp: McpConfig } | { ok: false; faults: string[] } {
  const config = readConfig(environment);
  const path = environment.MCP_CONFIG?.trim();
  const mcp = path ? readMcpConfig(path, environment) : { ok: true as const, config: { servers: [] } };
  if (config.ok && mcp.ok) return { ok: true, config: config.config, mcp: mcp.config };
  const mcpFaults = mcp.ok ? [] : mcp.faults.map((fault) => `MCP_CONFIG: ${fault}`);
  return { ok: false, faults: [...(config.ok ? [] : config.faults), ...mcpFaults] };
}

/** The adapters that the configuration asks for. Throws when a file in DATA_DIR cannot be used. */
export function createAdapters(
  config: Config,
  mcp: McpConfig,
  logger: Logger,
): Adapters & { auth: ReturnType<typeof createLocalAuth> } {
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const auth = createLocalAuth({ dataDir: config.DATA_DIR, token: config.LOCAL_TOKEN });
  return {
    auth,
    verifier: auth,
    pairing: auth,
    store: createSqliteStore({
      path: ownersFile(config.DATA_DIR, "history.sqlite"),
      onWatcherError: (err) => logger.error({ err }, "a watcher of history failed"),
    }),
    log: createSqliteTurnLog({
      path: ownersFile(config.DATA_DIR, "turn-log.sqlite"),
      synchronous: config.SQLITE_SYNCHRONOUS,
      onError: (err) => logger.error({ err }, "the turn log reported an error"),
    }),
    model: createModel(config),
    toolbox: createMcpToolbox({ config: mcp, callTimeoutMs: config.TOOL_TIMEOUT_MS, logger }),
    publicConfig: {
      auth: "local",
      version: packageVersion(),
      features: ["search", ...(mcp.servers.length > 0 ? ["tools"] : []), ...(usesDemo(config) ? ["demo-model"] : [])],
    },
  };
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

/** The first signal lets running turns end; a second one does not wait for them. */
function closeOnSignals(server: RunningServer, logger: Logger): void {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    signals += 1;
    if (signals > 1) process.exit(1);
    logger.info({ signal }, "closing");
    server.close(GRACE_MS).then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error({ err }, "closing failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
}

function reasonOf(error: unknown, { HOST, PORT }: Config): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${PORT} on ${HOST} is in use: stop what listens there, or set PORT to another number.`;
  }
  return `Sidestream could not start: ${error instanceof Error ? error.message : String(error)}`;
}

function giveUp(lines: readonly string[]): void {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exitCode = 1;
}
