import * as z from "zod";
import { isTerminal, readTurnEvent, type TerminalEvent, type TurnEvent } from "../../../lib/protocol/events.ts";
import { questionPartSchema } from "../../../lib/protocol/messages.ts";
import type { TurnClaim } from "../../ports/turn-log.ts";

const claimSchema: z.ZodType<TurnClaim> = z.object({
  turnId: z.string(),
  userId: z.string(),
  conversationId: z.string(),
  parentId: z.string().nullable(),
  userMessageId: z.string(),
  assistantMessageId: z.string(),
  question: z.array(questionPartSchema),
  title: z.string(),
  createdAt: z.string(),
});

/** Reads a stored claim. */
export function readClaim(json: string): TurnClaim {
  return claimSchema.parse(JSON.parse(json));
}

/** Reads a stored end of a turn. */
export function readEnd(json: string): TerminalEvent {
  const event = readTurnEvent(JSON.parse(json));
  if (!isTerminal(event)) throw new Error(`the turn log holds an end of a turn that cannot be read: ${event.type}`);
  return event;
}

/** Reads stored events. Those of a newer server are left out, as clients do it: the rest of the answer counts. */
export function readEvents(lines: readonly string[]): TurnEvent[] {
  const events: TurnEvent[] = [];
  for (const line of lines) {
    const event = readTurnEvent(JSON.parse(line));
    if (event.type !== "unknown") events.push(event);
  }
  return events;
}
