import { feedTurnFrame, turnFrame } from "../../../lib/protocol/sse.ts";
import type { TurnBatch } from "../../ports/turn-log.ts";

type Encoding = (batch: TurnBatch) => string;

/** The frames of a batch for followers of the turn; encoded once for all of them. */
export const turnFrames = once((batch) =>
  batch.events.map((json, index) => turnFrame(batch.firstSeq + index, json)).join(""),
);

/** The frames of a batch for feeds; encoded once for all of them. */
export const feedFrames = once((batch) =>
  batch.events
    .map((json, index) => feedTurnFrame(batch.turnId, batch.conversationId, batch.firstSeq + index, json))
    .join(""),
);

function once(encode: Encoding): Encoding {
  const encoded = new WeakMap<TurnBatch, string>();
  return (batch) => {
    const known = encoded.get(batch);
    if (known !== undefined) return known;
    const frames = encode(batch);
    encoded.set(batch, frames);
    return frames;
  };
}
