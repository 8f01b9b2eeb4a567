import { setTimeout as delay } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ApiError } from "../../../lib/protocol/errors.ts";
import { feedChangeFrame } from "../../../lib/protocol/sse.ts";
import type { Store } from "../../ports/store.ts";
import type { TurnBatch, TurnReader } from "../../ports/turn-log.ts";
import { waitAtMost } from "../../ports/wait-at-most.ts";
import type { HttpContext } from "../http-env.ts";
import { batchPieces } from "./batch-pieces.ts";
import { EventStream } from "./event-stream.ts";
import type { StreamDeps } from "./follow-turn.ts";
import { feedFrames } from "./frames.ts";

/** What a device that opens its feed has already. */
export type FeedPosition = {
  userId: string;
  /** Cursor of the newest change that it knows. */
  after: string | undefined;
  /** Last number seen of each turn that it follows. */
  turns: ReadonlyMap<string, number>;
};

/**
 * Answers with the feed of a user: a notice when history is newer than the device's cursor, then the events of all
 * running turns and a notice for each change, until either side closes. Fails with `bad_request` when the cursor is not
 * one of ours. A history that cannot be reached, or is slow, does not keep the events from the device: the notice follows
 * when it can be had.
 */
export async function followUser(
  c: HttpContext,
  deps: StreamDeps & { store: Store },
  position: FeedPosition,
): Promise<Response> {
  const { userId, after } = position;
  const { store, logger, streams } = deps;
  const stream = new EventStream(c, streams);
  const reader = new FeedReader(stream, position.turns);
  const unwatch = store.watch(userId, (cursor) => reader.onChange(cursor));
  const looked = lookForNewer(store, userId, after, reader, stream);
  try {
    // Refuses a cursor that is not ours before anything is sent.
    await waitAtMost(HISTORY_MS, looked);
  } catch (error) {
    unwatch();
    throw error;
  }
  const endAt = (err: unknown) => {
    logger.error({ err }, "a feed ended by a failure of log or history");
    stream.end();
  };
  looked.catch(endAt);
  stream.begin();
  keepFeeding(deps, userId, reader, stream).catch(endAt).finally(unwatch);
  return RESPONSE_ALREADY_SENT;
}

/** Tells the reader when history is newer than its cursor. Goes on until the history answers or the stream closes. */
async function lookForNewer(
  store: Store,
  userId: string,
  after: string | undefined,
  reader: FeedReader,
  stream: EventStream,
): Promise<void> {
  while (!stream.closed) {
    const page = await store
      .changes(userId, { ...(after !== undefined && { after }), limit: 1 })
      .catch(unlessUnavailable);
    if (page === undefined) {
      await delay(HISTORY_AGAIN_MS, undefined, { ref: false });
      continue;
    }
    const isBehind = page.changes.length > 0 || page.settings !== undefined;
    const newest = isBehind ? await store.cursor(userId) : undefined;
    // What the watcher told meanwhile is newer.
    if (newest !== undefined && !reader.hasChange) reader.onChange(newest);
    return;
  }
}

/** Attaches at the start, and anew behind what was sent each time that a slow reader has caught up. */
async function keepFeeding(
  { log }: StreamDeps,
  userId: string,
  reader: FeedReader,
  stream: EventStream,
): Promise<void> {
  reader.begin();
  for (;;) {
    reader.sendMissedChange();
    const { detach } = await log.attachUser(userId, reader.positions(), reader);
    await stream.pause();
    detach();
    if (stream.closed) return;
    stream.full = false;
  }
}

/** How long a device waits for its events while the history does not answer, and how long until it is asked again. */
const HISTORY_MS = 1_000;
const HISTORY_AGAIN_MS = 1_000;

function unlessUnavailable(error: unknown): undefined {
  if (error instanceof ApiError && error.code === "unavailable") return undefined;
  throw error;
}

/**
 * Sends what log and store hand over. While the stream is full it only notes what was missed: the newest cursor, and
 * from where each turn is to be read again, also of turns that begin meanwhile.
 */
class FeedReader implements TurnReader {
  /** Whether the store has called since the feed was opened: its cursor is newer than one that was asked for. */
  hasChange = false;
  readonly #stream: EventStream;
  readonly #last: Map<string, number>;
  #missedChange: string | undefined;
  #begun = false;

  constructor(stream: EventStream, turns: ReadonlyMap<string, number>) {
    this.#stream = stream;
    this.#last = new Map(turns);
  }

  /** Nothing is sent before, because the request may still be refused. */
  begin(): void {
    this.#begun = true;
  }

  positions(): ReadonlyMap<string, number> {
    return new Map(this.#last);
  }

  onBatch(batch: TurnBatch): void {
    for (const piece of batchPieces(batch)) {
      if (this.#stream.closed) return;
      if (this.#stream.full) {
        this.#noteMissed(piece);
        return;
      }
      this.#stream.send(feedFrames(piece));
      if (piece.ended) this.#last.delete(piece.turnId);
      else this.#last.set(piece.turnId, piece.firstSeq + piece.events.length - 1);
    }
  }

  onGone(turnId: string): void {
    this.#last.delete(turnId);
  }

  /** Called by the store in the moment of the commit, so that the notice of a save stands before the terminal event. */
  onChange(cursor: string): void {
    this.hasChange = true;
    if (!this.#begun || this.#stream.full) this.#missedChange = cursor;
    else this.#stream.send(feedChangeFrame(cursor));
  }

  sendMissedChange(): void {
    const cursor = this.#missedChange;
    this.#missedChange = undefined;
    if (cursor !== undefined) this.onChange(cursor);
  }

  #noteMissed({ turnId, firstSeq }: TurnBatch): void {
    if (!this.#last.has(turnId)) this.#last.set(turnId, firstSeq - 1);
  }
}
