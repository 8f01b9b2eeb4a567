import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Logger } from "pino";
import { ApiError } from "../../../lib/protocol/errors.ts";
import type { TurnBatch, TurnLog, TurnReader } from "../../ports/turn-log.ts";
import type { HttpContext } from "../http-env.ts";
import { batchPieces } from "./batch-pieces.ts";
import { EventStream } from "./event-stream.ts";
import { turnFrames } from "./frames.ts";
import type { OpenStreams } from "./open-streams.ts";

/** What event streams need. */
export type StreamDeps = { log: Pick<TurnLog, "attach" | "attachUser">; streams: OpenStreams; logger: Logger };

/**
 * Answers with the events of a turn behind `after`: what is in the log, then what comes, to the terminal event. The
 * caller has checked that the turn is the user's. 204 when the reader has the end; fails with `not_found`,
 * `log_expired`, and `bad_request` for a number beyond the log.
 */
export async function followTurn(c: HttpContext, deps: StreamDeps, turnId: string, after: number): Promise<Response> {
  const stream = new EventStream(c, deps.streams);
  const reader = new TurnStreamReader(stream, after);
  const attached = await deps.log.attach(turnId, after, reader);
  switch (attached.status) {
    case "not-found":
      throw new ApiError("not_found", "There is no such turn.");
    case "expired":
      throw new ApiError("log_expired", "The events of this turn are gone. Read the saved message instead.");
    case "ahead":
      throw new ApiError("bad_request", "after: is beyond the last event of the turn");
    case "at-end":
      return c.body(null, 204);
    case "attached":
      stream.begin();
      keepFollowing(deps, turnId, reader, stream, attached).catch((err: unknown) => {
        deps.logger.error({ turnId, err }, "a follower lost the log");
        stream.end();
      });
      return RESPONSE_ALREADY_SENT;
  }
}

/** Sends what the log hands over, and knows the last number that was sent. */
class TurnStreamReader implements TurnReader {
  last: number;
  readonly #stream: EventStream;

  constructor(stream: EventStream, after: number) {
    this.#stream = stream;
    this.last = after;
  }

  onBatch(batch: TurnBatch): void {
    for (const piece of batchPieces(batch)) {
      if (this.#stream.full || this.#stream.closed) return;
      this.#stream.send(turnFrames(piece));
      this.last = piece.firstSeq + piece.events.length - 1;
      if (piece.ended) this.#stream.end();
    }
  }

  onGone(): void {
    this.#stream.end();
  }
}

/** Attaches anew behind the last number sent, each time that a slow reader has caught up. */
async function keepFollowing(
  { log }: StreamDeps,
  turnId: string,
  reader: TurnStreamReader,
  stream: EventStream,
  first: { detach(): void },
): Promise<void> {
  let attached = first;
  for (;;) {
    await stream.pause();
    attached.detach();
    if (stream.closed) return;
    stream.full = false;
    const again = await log.attach(turnId, reader.last, reader);
    if (again.status !== "attached") return stream.end();
    attached = again;
  }
}
