import { readTurnEvent } from "../../lib/protocol/events.ts";
import type { TurnBatch, TurnLog } from "../ports/turn-log.ts";

/** Whether an ended turn had asked for approval of the call. */
export async function hasCall(log: TurnLog, turnId: string, callId: string): Promise<boolean> {
  let found = false;
  const onBatch = ({ events }: TurnBatch) => {
    found ||= events.some((json) => {
      const event = readTurnEvent(JSON.parse(json));
      return event.type === "approval-needed" && event.callId === callId;
    });
  };
  const attached = await log.attach(turnId, 0, { onBatch });
  if (attached.status === "attached") attached.detach();
  return found;
}
