import type { TurnBatch } from "../../ports/turn-log.ts";

/** UTF-16 units of events that are written at once; a replay of a long turn may come as one batch of many times that. */
const PIECE = 256 * 1024;

/** The batch as batches of bounded size, so that a reader can be found full in the middle. Small ones stay the same object. */
export function batchPieces(batch: TurnBatch): readonly TurnBatch[] {
  if (batch.events.reduce((sum, json) => sum + json.length, 0) <= PIECE) return [batch];
  const pieces: TurnBatch[] = [];
  for (let from = 0; from < batch.events.length; ) {
    const to = endOfPiece(batch.events, from);
    const ended = batch.ended && to === batch.events.length;
    pieces.push({ ...batch, firstSeq: batch.firstSeq + from, events: batch.events.slice(from, to), ended });
    from = to;
  }
  return pieces;
}

/** At least one event, however long it is. */
function endOfPiece(events: readonly string[], from: number): number {
  let to = from;
  for (let size = 0; to < events.length && (to === from || size < PIECE); to++) size += events[to]?.length ?? 0;
  return to;
}
