import { LIMITS } from "../../../lib/protocol/limits.ts";
import { createDeadlines } from "./deadlines.ts";

/** What is done to all event streams alike. */
export type OpenStream = {
  ping(): void;
  end(): void;
  /** Ends because its token has expired. */
  expire(): void;
};

/** The event streams that are open: one timer keeps all of them alive, one ends those whose token has expired. */
export type OpenStreams = {
  /** `tokenExpiresAt` in milliseconds since 1970; undefined for tokens that do not expire. */
  add(stream: OpenStream, tokenExpiresAt: number | undefined): void;
  delete(stream: OpenStream): void;
  count(): number;
  /** Ends all streams and the ones that still come. */
  close(): void;
};

export type OpenStreamsOptions = {
  /** Milliseconds between two pings. */
  pingMs?: number | undefined;
  /** Milliseconds that a stream stays open behind the expiry of its token. */
  expiredTokenGraceMs?: number | undefined;
};

/** A set of open event streams. */
export function createOpenStreams(options: OpenStreamsOptions = {}): OpenStreams {
  const { pingMs = LIMITS.pingMs, expiredTokenGraceMs = LIMITS.expiredTokenGraceMs } = options;
  const streams = new Set<OpenStream>();
  const deadlines = createDeadlines<OpenStream>((stream) => stream.expire());
  let closed = false;
  const timer = setInterval(() => {
    for (const stream of streams) stream.ping();
  }, pingMs).unref();
  return {
    add: (stream, tokenExpiresAt) => {
      if (closed) return stream.end();
      streams.add(stream);
      if (tokenExpiresAt !== undefined) deadlines.set(stream, tokenExpiresAt + expiredTokenGraceMs);
    },
    delete: (stream) => {
      streams.delete(stream);
      deadlines.delete(stream);
    },
    count: () => streams.size,
    close: () => {
      closed = true;
      clearInterval(timer);
      for (const stream of [...streams]) stream.end();
      deadlines.close();
    },
  };
}
