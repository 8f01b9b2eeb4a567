import { type Logger, pino } from "pino";
import { type McpConfig, readMcpConfig } from "./adapters/mcp-toolbox/index.ts";
import { createAdapters } from "./choose-adapters.ts";
import { type Config, type Environment, loadEnvironment, readConfig } from "./config.ts";
import { type RunningServer, startServer } from "./start-server.ts";

const GRACE_MS = 10_000;

if (import.meta.main) await main();

/** Config, adapters, server, and an orderly end at SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const setup = readSetup(loadEnvironment());
  if (!setup.ok) return giveUp(["The configuration is wrong:", ...setup.faults.map((fault) => `  ${fault}`)]);
  const { config, mcp } = setup;
  const logger = pino({ level: config.LOG_LEVEL });
  try {
    const { local, ...adapters } = await createAdapters(config, mcp, logger);
    const server = await startServer(config, adapters, logger);
    const wayIn =
      local === undefined ? `sign-in with Clerk (${config.CLERK_ISSUER})` : `pairing code ${local.pairingCode}`;
    process.stdout.write(`Sidestream is at ${server.url} · ${wayIn}\n`);
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
