import type { IncomingMessage } from "node:http";

/** A response's bytes as they come from the network. */
export type ResponseBody = {
  /** In lower case, without parameters; empty when there is none. */
  contentType: string;
  /** What has come since it was last called, oldest first. */
  take(): readonly Buffer[];
  /** Resolves when there is something to take or the body is over. One waiter at a time. */
  more(): Promise<void>;
  /** How the body ended, or undefined while more may come. What came before may still be there to take. */
  outcome(): "complete" | Error | undefined;
  /** Whether the sender waits for us, not we for it. */
  isHeld(): boolean;
  /** Called at each piece that comes in. */
  onBytes: (() => void) | undefined;
  /**
   * Ends the reading and closes the connection. `complete`: all that matters was read, so the body gets a moment to end
   * by itself, and the connection can serve the next request.
   */
  release(complete: boolean): void;
};

/** Bytes that may wait to be read before the sender is held. */
const HOLD_AT = 256 * 1024;

const NOTHING: readonly Buffer[] = [];

/** Milliseconds that an answer whose last event was read has to end by itself, so that its connection can be used again. */
const REST_MS = 1_000;

/**
 * Listens at once, so that nothing that happens to the connection goes unheard. Plain events instead of a web stream:
 * half the heap of an idle stream and two thirds of the CPU, measured with 1,000 idle and 200 paced streams.
 */
export function createResponseBody(message: IncomingMessage): ResponseBody {
  let pieces: Buffer[] = [];
  let size = 0;
  let outcome: "complete" | Error | undefined;
  let wake: (() => void) | undefined;

  message.on("data", (piece: Buffer) => {
    pieces.push(piece);
    size += piece.length;
    if (size > HOLD_AT) message.pause();
    body.onBytes?.();
    wake?.();
  });
  const end = (how: "complete" | Error) => {
    outcome ??= how;
    wake?.();
  };
  message.on("end", () => end("complete"));
  message.on("error", end);
  message.on("close", () => end(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" })));

  const body: ResponseBody = {
    contentType: (message.headers["content-type"] ?? "").split(";", 1).join("").trim().toLowerCase(),
    onBytes: undefined,
    take() {
      if (size === 0) return NOTHING;
      const taken = pieces;
      pieces = [];
      size = 0;
      if (message.isPaused()) message.resume();
      return taken;
    },
    more() {
      if (size > 0 || outcome !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
    outcome: () => outcome,
    isHeld: () => message.isPaused(),
    release(complete) {
      body.onBytes = undefined;
      if (outcome === "complete" || message.destroyed) return;
      if (!complete) {
        message.destroy();
        return;
      }
      const timer = setTimeout(() => message.destroy(), REST_MS);
      message.once("close", () => clearTimeout(timer));
      message.removeAllListeners("data").resume();
    },
  };
  return body;
}

/** Reads a short body to its end as text; what is over the limit (bytes) is left out. Throws when it breaks. */
export async function readText(body: ResponseBody, limit: number): Promise<string> {
  const read: Buffer[] = [];
  let size = 0;
  while (size <= limit) {
    const pieces = body.take();
    const outcome = pieces.length === 0 ? body.outcome() : undefined;
    if (outcome instanceof Error) throw outcome;
    if (outcome === "complete") break;
    if (pieces.length === 0) await body.more();
    for (const piece of pieces) {
      read.push(piece);
      size += piece.length;
    }
  }
  body.release(size <= limit);
  return Buffer.concat(read).subarray(0, limit).toString("utf8");
}
