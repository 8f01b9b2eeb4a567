import { feedTurnFrame, turnFrame } from "../../../lib/protocol/sse.ts";
import type { TurnBatch } from "../../ports/turn-log.ts";

type FrameOf = (batch: TurnBatch, seq: number, json: string) => string;

/** The frames of a batch for followers of the turn. */
export const turnFrames = encoder((_, seq, json) => turnFrame(seq, json));

/** The frames of a batch for feeds. */
export const feedFrames = encoder(({ turnId, conversationId }, seq, json) =>
  feedTurnFrame(turnId, conversationId, seq, json),
);

/**
 * Encodes a batch once for all its readers. They get it one right after the other, so the last one is all that has to
 * be remembered.
 */
function encoder(frameOf: FrameOf): (batch: TurnBatch) => string {
  let last: TurnBatch | undefined;
  let frames = "";
  return (batch) => {
    if (batch === last) return frames;
    frames = "";
    let seq = batch.firstSeq;
    for (const json of batch.events) frames += frameOf(batch, seq++, json);
    last = batch;
    return frames;
  };
}
