/**
 * Frames of the two event streams, by the event stream format (WHATWG HTML, section 9.2). `json` is one line: JSON has
 * no raw line breaks, so a frame cannot be broken by what is in it.
 */

/** A frame of GET /api/turns/:turnId/events. */
export function turnFrame(seq: number, json: string): string {
  return `id: ${seq}\ndata: ${json}\n\n`;
}

/** A `turn` frame of GET /api/feed. Ids are UUIDs and need no escaping. */
export function feedTurnFrame(turnId: string, conversationId: string, seq: number, json: string): string {
  return `event: turn\ndata: {"turnId":"${turnId}","conversationId":"${conversationId}","seq":${seq},"event":${json}}\n\n`;
}

/** A `change` frame of GET /api/feed. */
export function feedChangeFrame(cursor: string): string {
  return `event: change\ndata: ${JSON.stringify({ cursor })}\n\n`;
}

/** The last frame of a stream that ends although what it follows goes on: its reader is to come back with a new token. */
export const EXPIRED_TOKEN_FRAME = 'event: close\ndata: {"reason":"expired_token"}\n\n';

/** A comment that keeps idle connections open. */
export const PING_FRAME = ": ping\n\n";
