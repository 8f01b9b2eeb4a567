import { createParser } from "eventsource-parser";
import type { Clock } from "./clock.ts";
import { type ApiAccess, accepted, addressOf, authorization } from "./request-json.ts";
import { UnreachableError } from "./unreachable.ts";

export type FeedFrame = { name: string | undefined; json: unknown };

type Reading = {
  clock: Clock;
  signal: AbortSignal;
  onOpen(): void;
  /** What it throws ends the connection. */
  onFrame(frame: FeedFrame): void;
};

/**
 * Reads one connection of the feed, frame by frame. Always throws in the end: ApiError when it was refused,
 * UnreachableError when it broke, ended or fell silent, the reason of `signal`, or what `onFrame` and `getToken` threw.
 */
export async function readFeed(
  access: ApiAccess,
  query: Record<string, string | undefined>,
  { clock, signal, onOpen, onFrame }: Reading,
): Promise<never> {
  const closing = new AbortController();
  const silence = watchSilence(clock, () => closing.abort(new UnreachableError("The server fell silent.")));
  const either = AbortSignal.any([signal, closing.signal]);
  try {
    const response = await accepted(async (fresh) => {
      const headers = { accept: "text/event-stream", ...(await authorization(access, fresh)) };
      return access.fetch(addressOf(access.baseUrl, "/api/feed", query), { headers, signal: either });
    });
    if (!response.body || !response.headers.get("content-type")?.startsWith("text/event-stream")) {
      throw new UnreachableError("Something else than the server answered at its address.");
    }
    onOpen();
    const parser = createParser({
      maxBufferSize: MAX_FRAME_CHARACTERS,
      onEvent: ({ event, data }) => onFrame({ name: event, json: JSON.parse(data) }),
      onError: (cause) => {
        if (cause.type === "max-buffer-size-exceeded") throw cause;
      },
    });
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      silence.heard();
      parser.feed(text);
    }
    throw new UnreachableError("The server closed the connection.");
  } catch (cause) {
    throw reasonOf(cause, signal, closing.signal);
  } finally {
    silence.stop();
    closing.abort();
  }
}

function reasonOf(cause: unknown, signal: AbortSignal, closing: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (closing.aborted) return closing.reason;
  // Fetch reports a broken connection as a TypeError.
  return cause instanceof TypeError ? new UnreachableError("The connection broke.", { cause }) : cause;
}

/** A connection that is gone without a word shows by the pings that do not come. */
function watchSilence(clock: Clock, onSilence: () => void) {
  let cancel = clock.after(SILENCE_MS, onSilence);
  const heard = () => {
    cancel();
    cancel = clock.after(SILENCE_MS, onSilence);
  };
  return { heard, stop: () => cancel() };
}

/** Three pings of LIMITS.pingMs. */
const SILENCE_MS = 45_000;

/** A tool's result with images is the largest frame that the server makes. */
const MAX_FRAME_CHARACTERS = 64 * 1024 * 1024;
