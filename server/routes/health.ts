import { Hono } from "hono";
import type { Logger } from "pino";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery } from "./parse.ts";

export type HealthDeps = {
  /** What must work for the server to do its job, by name; a check rejects with the reason. */
  checks: Readonly<Record<string, () => Promise<void>>>;
  isClosing: () => boolean;
  metrics: () => Promise<string>;
  /** Whether this caller may read the metrics. */
  mayReadMetrics: (caller: { address: string | undefined; authorization: string | undefined }) => boolean;
  logger: Logger;
};

/** For whoever runs the server: is it alive, can it work, what has it done. */
export function healthRoutes(deps: HealthDeps): Hono<HttpEnv> {
  const check = shared(() => runChecks(deps));
  return new Hono<HttpEnv>()
    .get("/health", (c) => {
      expectNoQuery(c);
      return c.json({ status: "ok" });
    })
    .get("/ready", async (c) => {
      expectNoQuery(c);
      const checks = await check();
      const isReady = !deps.isClosing() && Object.values(checks).every((state) => state === "ok");
      if (isReady) return c.json({ status: "ready", checks });
      c.header("Retry-After", "5");
      return c.json({ status: deps.isClosing() ? "closing" : "failing", checks }, 503);
    })
    .get("/metrics", async (c) => {
      expectNoQuery(c);
      const caller = {
        address: c.env.incoming.socket.remoteAddress,
        authorization: c.req.header("Authorization"),
      };
      if (!deps.mayReadMetrics(caller)) throw new ApiError("unauthorized", "Metrics need the METRICS_TOKEN.");
      return c.body(await deps.metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
    });
}

/** Whoever asks while it runs gets what it gives: anybody may ask, and a check is a call of a database that may cost money. */
function shared<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Each check's state; the reason of a failure is for the log only. */
async function runChecks({ checks, logger }: HealthDeps): Promise<Record<string, "ok" | "failed">> {
  const states = Object.entries(checks).map(async ([name, check]) => {
    try {
      await check();
      return [name, "ok"] as const;
    } catch (err) {
      logger.warn({ check: name, err }, "a check failed");
      return [name, "failed"] as const;
    }
  });
  return Object.fromEntries(await Promise.all(states));
}
