import { createMiddleware } from "hono/factory";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { HttpEnv } from "../routes/http-env.ts";

/** Counts what one key does per minute. */
export type RateLimit = {
  /** Takes one; fails with `rate_limited` when the minute's are used up. */
  take(key: string): Promise<void>;
  /** Gives one back. */
  giveBack(key: string): Promise<void>;
};

/** `perMinute` of something for each key, in memory. */
export function createRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return {
    take: async (key) => {
      await limiter.consume(key).catch((reason: unknown) => {
        throw reason instanceof RateLimiterRes ? tooMany(reason) : reason;
      });
    },
    giveBack: async (key) => {
      await limiter.reward(key);
    },
  };
}

/** Limits the requests of each user. */
export function limitRate(limit: RateLimit) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const userId: string | undefined = c.get("userId");
    if (userId !== undefined) await limit.take(userId);
    await next();
  });
}

function tooMany(state: RateLimiterRes): ApiError {
  const retryAfter = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  return new ApiError("rate_limited", `Too many requests. Try again in ${retryAfter} s.`, { retryAfter });
}
