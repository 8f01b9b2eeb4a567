import { LIMITS } from "../../../lib/protocol/limits.ts";

/** What is done to all event streams alike. */
export type PingedStream = { ping(): void; end(): void };

/** The event streams that are open, kept alive by one timer for all of them. */
export type OpenStreams = {
  add(stream: PingedStream): void;
  delete(stream: PingedStream): void;
  count(): number;
  /** Ends all streams and the ones that still come. */
  close(): void;
};

/** A set of open event streams; `pingMs` milliseconds pass between two pings. */
export function createOpenStreams(pingMs: number = LIMITS.pingMs): OpenStreams {
  const streams = new Set<PingedStream>();
  let closed = false;
  const timer = setInterval(() => {
    for (const stream of streams) stream.ping();
  }, pingMs).unref();
  return {
    add: (stream) => {
      if (closed) stream.end();
      else streams.add(stream);
    },
    delete: (stream) => {
      streams.delete(stream);
    },
    count: () => streams.size,
    close: () => {
      closed = true;
      clearInterval(timer);
      for (const stream of [...streams]) stream.end();
    },
  };
}
