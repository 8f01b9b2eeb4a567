import { Hono } from "hono";
import type { Logger } from "pino";
import type { ServerConfig } from "../lib/protocol/responses.ts";
import type { Metrics } from "./create-metrics.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { bodyLimit } from "./middleware/body-limit.ts";
import { answerErrors } from "./middleware/errors.ts";
import { knownRoute } from "./middleware/known-route.ts";
import { originCheck } from "./middleware/origin-check.ts";
import { createRateLimit, limitRate } from "./middleware/rate-limits.ts";
import { requestId } from "./middleware/request-id.ts";
import { requestLog } from "./middleware/request-log.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import type { Model } from "./ports/model.ts";
import type { Store } from "./ports/store.ts";
import type { Pairing, TokenVerifier } from "./ports/token-verifier.ts";
import type { Toolbox } from "./ports/toolbox.ts";
import type { TurnLog } from "./ports/turn-log.ts";
import { changesRoutes } from "./routes/changes.ts";
import { chatStreamRoutes } from "./routes/chat-stream.ts";
import { configRoutes } from "./routes/config.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { feedRoutes } from "./routes/feed.ts";
import { type HealthDeps, healthRoutes } from "./routes/health.ts";
import type { HttpEnv } from "./routes/http-env.ts";
import { modelRoutes } from "./routes/models.ts";
import { pairRoutes } from "./routes/pair.ts";
import { searchRoutes } from "./routes/search.ts";
import { sessionRoutes } from "./routes/session.ts";
import { settingsRoutes } from "./routes/settings.ts";
import type { OpenStreams } from "./routes/streams/open-streams.ts";
import { toolRoutes } from "./routes/tools.ts";
import { turnRoutes } from "./routes/turns.ts";
import type { Turns } from "./turns/turns.ts";

export type AppDeps = {
  verifier: TokenVerifier;
  /** Of local auth; without it POST /api/pair is an unknown route. */
  pairing?: Pairing;
  store: Store;
  log: TurnLog;
  turns: Turns;
  model: Model;
  toolbox: Toolbox;
  streams: OpenStreams;
  metrics: Metrics;
  publicConfig: ServerConfig;
  /** Origins of browsers that may call. */
  allowedOrigins: ReadonlySet<string>;
  /** Whether a request's Host names this server. */
  isOwnHost: (hostname: string) => boolean;
  mayReadMetrics: HealthDeps["mayReadMetrics"];
  /** Requests of one user per minute. */
  requestsPerMinute: number;
  isClosing: () => boolean;
  logger: Logger;
};

const PUBLIC_PATHS = new Set(["/health", "/ready", "/metrics", "/api/config", "/api/pair"]);
const PAIRING_TRIES_PER_MINUTE = 5;

/**
 * The server's table of contents. A request is checked in this order: Origin and Host (403), token (401), rate (429),
 * route (404), size (413); then the route checks the form (400) and answers.
 */
export function createApp(deps: AppDeps): Hono<HttpEnv> {
  const { log, store, turns, model, logger } = deps;
  const checks = { store: () => store.check(), log: () => log.check(), model: () => model.check() };

  const app = new Hono<HttpEnv>();
  app.onError(answerErrors(deps));
  app.use(requestId);
  app.use(requestLog({ logger, onRequest: deps.metrics.onRequest }));
  app.use(securityHeaders);
  app.use(originCheck(deps));
  app.use(authenticate({ verifier: deps.verifier, publicPaths: PUBLIC_PATHS }));
  app.use(limitRate(createRateLimit(deps.requestsPerMinute)));
  app.use(knownRoute);
  app.use(bodyLimit);

  app.route("/", healthRoutes({ ...deps, checks, metrics: deps.metrics.text }));
  app.route("/", configRoutes(deps));
  if (deps.pairing !== undefined) {
    app.route("/", pairRoutes({ pairing: deps.pairing, tries: createRateLimit(PAIRING_TRIES_PER_MINUTE) }));
  }
  app.route("/", sessionRoutes());
  app.route("/", modelRoutes({ model }));
  app.route("/", turnRoutes({ turns, log, streams: deps.streams, logger }));
  app.route("/", chatStreamRoutes({ turns, log, streams: deps.streams, logger }));
  app.route("/", feedRoutes({ store, log, streams: deps.streams, logger }));
  app.route("/", changesRoutes({ store }));
  app.route("/", conversationRoutes({ store, turns }));
  app.route("/", searchRoutes({ store }));
  app.route("/", settingsRoutes({ store }));
  app.route("/", toolRoutes({ store, toolbox: deps.toolbox }));
  return app;
}
