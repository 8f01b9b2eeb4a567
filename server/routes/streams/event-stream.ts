import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { EXPIRED_TOKEN_FRAME, PING_FRAME } from "../../../lib/protocol/sse.ts";
import type { HttpContext } from "../http-env.ts";
import type { OpenStream, OpenStreams } from "./open-streams.ts";

export const EVENT_STREAM = "text/event-stream; charset=utf-8";

/**
 * Bytes that may wait in the server for one reader. Beyond it the reader is `full`: what comes is skipped and read from
 * the log again when the socket has drained, so that a slow reader costs bounded memory and loses nothing.
 */
const MOST_WAITING = 1024 * 1024;

/**
 * An answer in the event stream format, written to Node's response directly and delimited by the end of the connection:
 * that saves the framing of chunks for each token. Nothing is sent before `begin`, so that the request can still be
 * refused. Thousands of these are open at a time: one object, one listener, no timer each.
 */
export class EventStream implements OpenStream {
  full = false;
  closed = false;
  readonly #response: ServerResponse;
  #headers: Headers | undefined;
  readonly #tokenExpiresAt: number | undefined;
  readonly #streams: OpenStreams;
  #begun = false;
  #wake: (() => void) | undefined;

  constructor(c: HttpContext, streams: OpenStreams) {
    this.#response = c.env.outgoing;
    // The headers that the middleware prepared: CORS, security, request id.
    this.#headers = c.body(null).headers;
    this.#tokenExpiresAt = c.get("tokenExpiresAt");
    this.#streams = streams;
    this.closed = this.#response.destroyed;
    this.#response.on("close", () => this.#onClose());
  }

  /** Sends the headers; repeating it does nothing. */
  begin(): void {
    if (this.#begun || this.closed) return;
    this.#begun = true;
    const response = this.#response;
    response.useChunkedEncodingByDefault = false;
    if (this.#headers !== undefined) response.setHeaders(this.#headers);
    this.#headers = undefined;
    response.writeHead(200, {
      "Content-Type": EVENT_STREAM,
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
      Connection: "close",
    });
    response.flushHeaders();
    // Firefox tells of an answer only when the first byte of its body is there.
    this.#socket().write(PING_FRAME);
    this.#streams.add(this, this.#tokenExpiresAt);
  }

  /** Sends frames; they are not to be sent to a `full` or `closed` stream. */
  send(frames: string): void {
    if (this.closed) return;
    this.begin();
    const socket = this.#socket();
    socket.write(frames);
    if (this.full || socket.writableLength <= MOST_WAITING) return;
    this.full = true;
    socket.once("drain", () => this.#wakeUp());
  }

  ping(): void {
    if (!this.full) this.send(PING_FRAME);
  }

  /** Ends the answer and says why. A full stream too: its reader resumes behind the last frame that it got. */
  expire(): void {
    this.send(EXPIRED_TOKEN_FRAME);
    this.end();
  }

  /** Ends the answer behind what was sent. */
  end(): void {
    if (this.closed) return;
    this.begin();
    this.#response.end();
    this.#onClose();
  }

  /**
   * Resolves when the stream has closed, or was full and has drained. `full` stays on: who waited here takes it off when
   * nothing can come behind what was skipped.
   */
  async pause(): Promise<void> {
    while (!this.closed && !(this.full && !this.#socket().writableNeedDrain)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /**
   * Behind the head a body that the connection's end delimits is bytes as they are: written to the socket itself, a token
   * costs a third less than through the response, which corks and uncorks for each write.
   */
  #socket(): Pick<Writable, "write" | "once" | "writableLength" | "writableNeedDrain"> {
    return this.#response.socket ?? this.#response;
  }

  #onClose(): void {
    this.closed = true;
    this.#streams.delete(this);
    this.#wakeUp();
  }

  #wakeUp(): void {
    if (this.closed || this.full) this.#wake?.();
  }
}
