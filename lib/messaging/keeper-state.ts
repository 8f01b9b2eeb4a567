import * as z from "zod";
import { type NumberedEvent, readTurnEvent } from "../protocol/events.ts";
import { idSchema } from "../protocol/ids.ts";
import {
  answerPartSchema,
  conversationSchema,
  messageStatusSchema,
  turnErrorSchema,
  usageSchema,
} from "../protocol/messages.ts";
import { EMPTY_TURN, reduceTurn } from "../protocol/reduce-turn.ts";
import { startTurnSchema } from "../protocol/requests.ts";
import { modelsSchema, personSettingsSchema } from "../protocol/responses.ts";

/** How the keeper stands with the server. */
export const connectionSchema = z.discriminatedUnion("status", [
  /** No token yet: the first run. */
  z.object({ status: z.literal("unpaired") }),
  /** A build with accounts, and nobody is signed in. */
  z.object({ status: z.literal("signed-out") }),
  z.object({ status: z.literal("connecting") }),
  /** `signIn`: no token can be had for what is asked beside the feed, which goes on. */
  z.object({ status: z.literal("online"), signIn: z.literal("unreachable").optional() }),
  /** The feed broke, or no token could be had from the sign-in service; `retryAt` is in milliseconds since 1970. */
  z.object({
    status: z.literal("reconnecting"),
    retryAt: z.number(),
    cause: z.enum(["server", "sign-in"]).default("server"),
  }),
  /** The server refused the token: pair again, or sign in elsewhere. `message`: why, as a sentence for the person. */
  z.object({ status: z.literal("unauthorized"), message: z.string().optional() }),
]);
export type Connection = z.infer<typeof connectionSchema>;

/** A turn that runs, or that ended and whose saved message has not come yet. */
export const liveTurnSchema = z.object({
  turnId: idSchema,
  conversationId: idSchema,
  state: z.object({
    lastSeq: z.number(),
    status: messageStatusSchema,
    parts: z.array(answerPartSchema).readonly(),
    messageId: idSchema.optional(),
    model: z.string().optional(),
    usage: usageSchema.optional(),
    finishReason: z.string().optional(),
    error: turnErrorSchema.optional(),
  }),
});
export type LiveTurn = z.infer<typeof liveTurnSchema>;

/** A question on its way to the server; it is kept until the server has taken it. */
export const pendingQuestionSchema = z.object({
  turn: startTurnSchema,
  /** `queued`: another turn of the conversation runs. `waiting`: the server cannot be reached. `refused`: see `error`. */
  status: z.enum(["sending", "queued", "waiting", "refused"]),
  error: z.string().optional(),
  /** ISO 8601, UTC. */
  askedAt: z.string(),
});
export type PendingQuestion = z.infer<typeof pendingQuestionSchema>;

/** Whose history it is, and on which server. `email` where there is an account. */
export const accountSchema = z.object({
  userId: z.string(),
  serverUrl: z.string().optional(),
  email: z.string().optional(),
});
export type AccountState = z.infer<typeof accountSchema>;

/** What the person did here and could not be kept, because the conversation was deleted on another device, or for `reason`. */
export const lossSchema = z.object({
  id: idSchema,
  /** Of the conversation; empty where there is none. */
  title: z.string(),
  /** `edit`: a new title, pin, archive or deletion. `question`: one that was not sent yet; its words come back as `text`. */
  what: z.enum(["edit", "question", "settings"]),
  text: z.string().optional(),
  /** A sentence: why the server refused. */
  reason: z.string().optional(),
});
export type Loss = z.infer<typeof lossSchema>;

/** What the keeper knows and every panel shows, but for the messages, which a panel gets for the conversation it opens. */
export const keeperStateSchema = z.object({
  connection: connectionSchema,
  /** Absent when nobody is connected. Another account means another person: nothing of the last one may stay in view. */
  account: accountSchema.optional(),
  /** As the server has them, with what was changed here and not yet sent on top; so are the settings. */
  conversations: z.record(idSchema, conversationSchema),
  settings: personSettingsSchema,
  /** Until the person dismisses them. */
  losses: z.record(idSchema, lossSchema),
  /** How many changes of this device the server has not taken yet; absent when none. */
  unsentEdits: z.number().optional(),
  turns: z.record(idSchema, liveTurnSchema),
  pending: z.record(idSchema, pendingQuestionSchema),
  models: modelsSchema.optional(),
});
export type KeeperState = z.infer<typeof keeperStateSchema>;

export const EMPTY_KEEPER: KeeperState = {
  connection: { status: "connecting" },
  conversations: {},
  settings: {},
  losses: {},
  turns: {},
  pending: {},
};

const numberedEventSchema = z
  .object({ seq: z.number(), event: z.unknown() })
  .transform(({ seq, event }): NumberedEvent => ({ seq, event: readTurnEvent(event) }));

/** One step from a state of the keeper to the next. */
export const keeperChangeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("connection"), connection: connectionSchema }),
  z.object({ type: z.literal("conversation"), conversation: conversationSchema }),
  z.object({ type: z.literal("conversation-deleted"), id: idSchema }),
  z.object({
    type: z.literal("turn-events"),
    turnId: idSchema,
    conversationId: idSchema,
    events: z.array(numberedEventSchema),
  }),
  /** The saved message has come: the turn is history. */
  z.object({ type: z.literal("turn-saved"), turnId: idSchema }),
  z.object({ type: z.literal("pending"), question: pendingQuestionSchema }),
  z.object({ type: z.literal("pending-done"), turnId: idSchema }),
  z.object({ type: z.literal("models"), models: modelsSchema }),
  z.object({ type: z.literal("settings"), settings: personSettingsSchema }),
  z.object({ type: z.literal("unsent-edits"), count: z.number() }),
  z.object({ type: z.literal("loss"), loss: lossSchema }),
  z.object({ type: z.literal("loss-dismissed"), id: idSchema }),
]);
export type KeeperChange = z.infer<typeof keeperChangeSchema>;

/** Folds one change into the keeper's state. Pure; the keeper folds to know and the panel folds to show. */
export function applyChange(state: KeeperState, change: KeeperChange): KeeperState {
  switch (change.type) {
    case "connection":
      return { ...state, connection: change.connection };
    case "conversation":
      return { ...state, conversations: { ...state.conversations, [change.conversation.id]: change.conversation } };
    case "conversation-deleted":
      return withoutConversation(state, change.id);
    case "turn-events": {
      const { turnId, conversationId, events } = change;
      const before = state.turns[turnId]?.state ?? EMPTY_TURN;
      const after = events.reduce(reduceTurn, before);
      return { ...state, turns: { ...state.turns, [turnId]: { turnId, conversationId, state: after } } };
    }
    case "turn-saved":
      return { ...state, turns: without(state.turns, change.turnId) };
    case "pending":
      return { ...state, pending: { ...state.pending, [change.question.turn.turnId]: change.question } };
    case "pending-done":
      return { ...state, pending: without(state.pending, change.turnId) };
    case "models":
      return { ...state, models: change.models };
    case "settings":
      return { ...state, settings: change.settings };
    case "unsent-edits":
      return { ...state, unsentEdits: change.count };
    case "loss":
      return { ...state, losses: { ...state.losses, [change.loss.id]: change.loss } };
    case "loss-dismissed":
      return { ...state, losses: without(state.losses, change.id) };
  }
}

function withoutConversation(state: KeeperState, id: string): KeeperState {
  return {
    ...state,
    conversations: without(state.conversations, id),
    turns: Object.fromEntries(Object.entries(state.turns).filter(([, turn]) => turn.conversationId !== id)),
    pending: Object.fromEntries(Object.entries(state.pending).filter(([, { turn }]) => turn.conversationId !== id)),
  };
}

function without<V>(record: Record<string, V>, key: string): Record<string, V> {
  const { [key]: _, ...rest } = record;
  return rest;
}
