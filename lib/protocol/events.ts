import * as z from "zod";
import { idSchema } from "./ids.ts";
import { toolContentSchema, turnErrorSchema, usageSchema } from "./messages.ts";

const callId = z.string().min(1);

export const decisionSchema = z.enum(["allow", "deny"]);
export type Decision = z.infer<typeof decisionSchema>;

/** One step of a turn. The last three end it. */
export const turnEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), model: z.string(), messageId: idSchema }),
  z.object({ type: z.literal("text"), delta: z.string() }),
  z.object({ type: z.literal("reasoning"), delta: z.string() }),
  z.object({ type: z.literal("tool-call"), callId, server: z.string(), tool: z.string(), args: z.unknown() }),
  z.object({ type: z.literal("approval-needed"), callId }),
  z.object({ type: z.literal("approval"), callId, decision: decisionSchema }),
  z.object({
    type: z.literal("tool-progress"),
    callId,
    progress: z.number(),
    total: z.number().optional(),
    message: z.string().optional(),
  }),
  z.object({
    type: z.literal("tool-result"),
    callId,
    ok: z.boolean(),
    content: z.array(toolContentSchema),
    error: z.string().optional(),
  }),
  z.object({ type: z.literal("usage"), ...usageSchema.shape }),
  z.object({ type: z.literal("completed"), finishReason: z.string() }),
  z.object({ type: z.literal("stopped") }),
  z.object({ type: z.literal("failed"), ...turnErrorSchema.shape }),
]);
export type TurnEvent = z.infer<typeof turnEventSchema>;

/** The events that end a turn. */
export type TerminalEvent = Extract<TurnEvent, { type: "completed" | "stopped" | "failed" }>;

/** An event of a newer server: it takes its number and is otherwise skipped. */
export type UnknownEvent = { type: "unknown" };

/** An event with its place in the turn: 1, 2, 3 … without gaps. */
export type NumberedEvent = { seq: number; event: TurnEvent | UnknownEvent };

/** Whether the event ends its turn. */
export function isTerminal(event: TurnEvent | UnknownEvent): event is TerminalEvent {
  return event.type === "completed" || event.type === "stopped" || event.type === "failed";
}

/** Reads an event from the wire; one of an unknown type or form becomes `{type:"unknown"}`. Never throws. */
export function readTurnEvent(value: unknown): TurnEvent | UnknownEvent {
  const parsed = turnEventSchema.safeParse(value);
  return parsed.success ? parsed.data : { type: "unknown" };
}
