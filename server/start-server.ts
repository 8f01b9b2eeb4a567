import type { Logger } from "pino";
import type { ServerConfig } from "../lib/protocol/responses.ts";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { createMetrics } from "./create-metrics.ts";
import { EXTENSION_ORIGIN } from "./extension-origin.ts";
import { closeHttpServer, createHttpServer, listen } from "./http-server.ts";
import { isLoopback } from "./loopback.ts";
import { measureTurnLog } from "./measure-turn-log.ts";
import { metricsAccess } from "./metrics-access.ts";
import type { Model } from "./ports/model.ts";
import type { Store } from "./ports/store.ts";
import type { Pairing, TokenVerifier } from "./ports/token-verifier.ts";
import type { Toolbox } from "./ports/toolbox.ts";
import type { TurnLog } from "./ports/turn-log.ts";
import { createOpenStreams, type OpenStreamsOptions } from "./routes/streams/open-streams.ts";
import { createAnswerSaver } from "./turns/answer-saver.ts";
import { createTurns } from "./turns/create-turns.ts";
import { recoverTurns } from "./turns/recover-turns.ts";

/** What the server is made of; choose-adapters.ts chooses. */
export type Adapters = {
  verifier: TokenVerifier;
  /** Of local auth; without it there is no pairing. */
  pairing?: Pairing;
  store: Store;
  log: TurnLog;
  model: Model;
  toolbox: Toolbox;
  publicConfig: ServerConfig;
};

export type RunningServer = {
  /** `http://host:port` */
  url: string;
  /** Takes no new turns, gives running ones `graceMs` milliseconds, then closes everything, adapters included. */
  close(graceMs: number): Promise<void>;
};

const EXPIRE_EVERY_MS = 3_600_000;

/** Recovers the turns of the last run, then listens. Rejects, with the adapters closed, when it cannot. */
export async function startServer(
  config: Config,
  adapters: Adapters,
  logger: Logger,
  streamOptions: OpenStreamsOptions = {},
): Promise<RunningServer> {
  const { store, model, toolbox } = adapters;
  const streams = createOpenStreams(streamOptions);
  const metrics = createMetrics({ runningTurns: () => running(), openStreams: streams.count });
  const { log, running } = measureTurnLog(adapters.log, metrics);
  const saving = new AbortController();
  const saver = createAnswerSaver({ store, log, logger }, saving.signal);
  const limits = { maxToolRounds: config.MAX_TOOL_ROUNDS, approvalTimeoutMs: config.APPROVAL_TIMEOUT_MS };
  const turns = createTurns({ log, store, model, toolbox, saver, limits, logger });
  let isClosing = false;

  const app = createApp({
    ...adapters,
    log,
    turns,
    streams,
    metrics,
    allowedOrigins: new Set([EXTENSION_ORIGIN, ...config.ALLOWED_ORIGINS]),
    ...hostRules(config, adapters),
    requestsPerMinute: config.RATE_LIMIT_PER_MINUTE,
    isClosing: () => isClosing,
    logger,
  });
  const http = createHttpServer(app, logger);
  const expiry = setInterval(() => expire(log, logger), EXPIRE_EVERY_MS).unref();

  const closeAdapters = async () => {
    saving.abort(new Error("the server is shutting down"));
    clearInterval(expiry);
    streams.close();
    await toolbox.close();
    await log.close();
    await store.close();
  };

  try {
    await recoverTurns({ log, saver, logger });
    expire(log, logger);
    const port = await listen(http, config.HOST, config.PORT);
    const host = config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST;
    return { url: `http://${host}:${port}`, close };
  } catch (error) {
    await closeAdapters();
    throw error;
  }

  // Readers stay connected while turns come to their end, so that they get it.
  async function close(graceMs: number): Promise<void> {
    isClosing = true;
    await turns.close(graceMs);
    streams.close();
    await closeHttpServer(http);
    await closeAdapters();
  }
}

/**
 * Without accounts the machine is the border, and a page that reaches it under a name of its own must be told from a
 * program. With accounts the token alone says who is who: any name may lead here, and what comes from loopback may have
 * come through a proxy.
 */
function hostRules({ METRICS_TOKEN: token }: Config, { publicConfig }: Adapters) {
  return publicConfig.auth === "local"
    ? { isOwnHost: isLoopback, mayReadMetrics: metricsAccess({ token, isLoopback }) }
    : { isOwnHost: () => true, mayReadMetrics: metricsAccess({ token, isLoopback: () => false }) };
}

function expire(log: TurnLog, logger: Logger): void {
  log.expire(new Date()).catch((err: unknown) => logger.warn({ err }, "old turns were not dropped"));
}
