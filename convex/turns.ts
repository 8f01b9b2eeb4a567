import { v } from "convex/values";
import type { Doc, Id } from "./_generated/dataModel.js";
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from "./_generated/server.js";
import { activityOf, activityTime } from "./activity.ts";
import { placeOf, writeBody } from "./bodies.ts";
import { anyConversation, liveMessage, liveTurn } from "./ownership.ts";
import { putTitle } from "./titles.ts";
import {
  committed,
  type MessageBody,
  messageBody,
  type SearchText,
  searchText,
  type TurnPlace,
  turnPlace,
} from "./validators.ts";

/** Whether a turn may begin: see `checkTurn` of the Store port. */
export const check = internalQuery({
  args: { userId: v.string(), turn: turnPlace },
  returns: v.union(v.literal("ok"), v.literal("not-found"), v.literal("message-taken")),
  handler: async (ctx, { userId, turn }) => {
    const { as } = await standing(ctx, userId, turn);
    return as === "free" || as === "known" ? "ok" : as;
  },
});

/** Adds the question and the empty answer, and the conversation when it is new. Changes nothing when it was done before. */
export const open = internalMutation({
  args: {
    userId: v.string(),
    turn: turnPlace.extend({ assistantMessageId: v.string() }),
    createdAt: v.string(),
    title: searchText,
    question: messageBody,
    answer: messageBody,
  },
  returns: committed,
  handler: async (ctx, { userId, turn, createdAt, title, question, answer }) => {
    const stands = await standing(ctx, userId, turn);
    if (stands.as !== "free") return null;
    const { userMessageId, assistantMessageId, conversationId, turnId, parentId } = turn;
    if (assistantMessageId === userMessageId || (await liveMessage(ctx, assistantMessageId)) !== null) return null;

    const place = { userId, id: conversationId, at: Date.parse(createdAt) };
    const conversation = stands.conversation
      ? await touch(ctx, stands.conversation, place.at)
      : await begin(ctx, { ...place, createdAt, title, firstMessageId: userMessageId });
    const frame = { userId, conversation: conversation._id, conversationId, turnId, createdAt };
    const position = conversation.messages;
    const asked = {
      ...frame,
      id: userMessageId,
      parentId,
      position,
      role: "user" as const,
      status: "complete" as const,
    };
    await addMessage(ctx, asked, question);
    const answering = { role: "assistant" as const, status: "streaming" as const, parentId: userMessageId };
    await addMessage(ctx, { ...frame, ...answering, id: assistantMessageId, position: position + 1 }, answer);
    return ctx.db.vars.commitTs;
  },
});

type Standing =
  | { as: "free"; conversation: Doc<"conversations"> | null }
  | { as: "known" | "not-found" | "message-taken" };

/**
 * How the ids of a turn stand: `known` when its question is here already. A turn id that another question has is
 * `not-found`, because a turn is not asked twice.
 */
async function standing(ctx: QueryCtx, userId: string, turn: TurnPlace): Promise<Standing> {
  const { conversationId, turnId, parentId, userMessageId } = turn;
  const conversation = await anyConversation(ctx, conversationId);
  if (conversation !== null && (conversation.userId !== userId || conversation.deleted)) return { as: "not-found" };

  const isHere = (message: Doc<"messages">) => message.userId === userId && message.conversationId === conversationId;
  const question = (await liveMessage(ctx, userMessageId))?.message;
  if (question !== undefined) {
    const isThisTurn = isHere(question) && question.turnId === turnId && question.role === "user";
    return { as: isThisTurn ? "known" : "message-taken" };
  }
  if ((await liveTurn(ctx, turnId)) !== null) return { as: "not-found" };

  if (parentId === null) return { as: "free", conversation };
  const parent = (await liveMessage(ctx, parentId))?.message;
  return parent !== undefined && isHere(parent) ? { as: "free", conversation } : { as: "not-found" };
}

/** The conversation of a new turn: its row, and the position of its next message. */
type Place = { _id: Id<"conversations">; messages: number };

async function touch(ctx: MutationCtx, row: Doc<"conversations">, at: number): Promise<Place> {
  const activity = activityOf(Math.max(at, activityTime(row.activity)), row.id);
  await ctx.db.patch(row._id, { activity, messages: row.messages + 2, ts: ctx.db.vars.commitTs });
  return row;
}

type Beginning = {
  userId: string;
  id: string;
  at: number;
  createdAt: string;
  title: SearchText;
  firstMessageId: string;
};

async function begin(ctx: MutationCtx, given: Beginning): Promise<Place> {
  const { userId, id, at, createdAt, title, firstMessageId } = given;
  const _id = await ctx.db.insert("conversations", {
    ...{ userId, id, title: title.text, pinned: false, archived: false, createdAt, activity: activityOf(at, id) },
    ...{ firstMessageId, messages: 2, deleted: false, ts: ctx.db.vars.commitTs },
  });
  await putTitle(ctx, { userId, conversation: _id }, title);
  return { _id, messages: 0 };
}

type Frame = Pick<
  Doc<"messages">,
  | ("userId" | "conversation" | "conversationId" | "turnId" | "createdAt" | "id" | "parentId")
  | ("role" | "status" | "position")
>;

async function addMessage(ctx: MutationCtx, frame: Frame, body: MessageBody): Promise<void> {
  const row = { ...frame, ...placeOf(body), key: 0, nextKey: 1, staged: [], ts: ctx.db.vars.commitTs };
  const message = await ctx.db.insert("messages", row);
  await writeBody(ctx, { userId: frame.userId, conversation: frame.conversation, message, key: 0 }, body);
}
