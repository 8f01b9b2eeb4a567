import { ApiError } from "../protocol/errors.ts";
import { type NumberedEvent, readTurnEvent } from "../protocol/events.ts";
import { closeSchema, feedChangeSchema, feedTurnSchema } from "../protocol/responses.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type FeedFrame, readFeed } from "./read-feed.ts";
import type { ApiAccess } from "./request-json.ts";

/** Where a reader stands: what it has of history and of each turn that it holds. */
export type FeedPosition = { after?: string | undefined; turns: ReadonlyMap<string, number> };

export type FeedOptions = ApiAccess & {
  /** Asked before each connection. */
  position(): FeedPosition;
  /** Each event once and in order for its turn, however often the connection breaks. */
  onTurn(turn: { turnId: string; conversationId: string } & NumberedEvent): void;
  onChange(cursor: string): void;
  onStatus(status: FeedStatus): void;
  clock?: Clock;
};

export type FeedStatus =
  | { status: "online" }
  /** `retryAt` is in milliseconds since 1970. */
  | { status: "reconnecting"; retryAt: number; error: unknown };

/**
 * Follows the feed until `signal` aborts, reconnecting for ever; it resolves then with `aborted`. Resolves with
 * `unauthorized` when the server refuses the token. `position` must tell what `onTurn` has delivered. A token that
 * expires while the feed is open costs a new connection with a fresh one, of which `onStatus` is told nothing; one that
 * cannot be had is waited for as a server is that cannot be reached.
 */
export async function followFeed(options: FeedOptions, signal: AbortSignal): Promise<"aborted" | "unauthorized"> {
  const clock = options.clock ?? systemClock;
  let failures = 0;
  let openedAt = 0;
  let isOnline = false;
  while (!signal.aborted) {
    try {
      await followOnce(options, clock, signal, () => {
        failures = 0;
        openedAt = clock.now();
        if (!isOnline) options.onStatus({ status: "online" });
        isOnline = true;
      });
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof ApiError && error.code === "unauthorized") return "unauthorized";
      // One that came to its end at once would come to it again and again.
      if (error instanceof TokenExpired && clock.now() - openedAt >= LEAST_OPEN_MS) continue;
      const ms = Math.max(clock.backoff(failures), retryAfterMs(error));
      failures += 1;
      isOnline = false;
      options.onStatus({ status: "reconnecting", retryAt: clock.now() + ms, error });
      await pause(clock, ms, signal);
    }
  }
  return "aborted";
}

/** One connection. Always ends by throwing: the end of the feed is never its success. */
async function followOnce(options: FeedOptions, clock: Clock, signal: AbortSignal, onOpen: () => void): Promise<never> {
  const { after, turns } = options.position();
  const seen = new Map(turns);
  const query = { after, turns: turns.size === 0 ? undefined : [...turns].map((pair) => pair.join(":")).join(",") };

  function onFrame({ name, json }: FeedFrame): void {
    if (name === "close") throw new TokenExpired(closeSchema.parse(json).reason);
    if (name === "change") options.onChange(feedChangeSchema.parse(json).cursor);
    if (name !== "turn") return;
    const { turnId, conversationId, seq, event } = feedTurnSchema.parse(json);
    const last = seen.get(turnId) ?? 0;
    if (seq <= last) return;
    if (seq > last + 1) throw new Error(`Turn ${turnId} went from event ${last} to ${seq}.`);
    seen.set(turnId, seq);
    options.onTurn({ turnId, conversationId, seq, event: readTurnEvent(event) });
  }

  return readFeed(options, query, { clock, signal, onOpen, onFrame });
}

/** The server ended the feed for its token; all that it had sent is here. */
class TokenExpired extends Error {}

const LEAST_OPEN_MS = 500;

function retryAfterMs(error: unknown): number {
  return error instanceof ApiError ? (error.retryAfter ?? 0) * 1_000 : 0;
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
