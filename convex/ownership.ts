import type { Doc } from "./_generated/dataModel.js";
import type { QueryCtx } from "./_generated/server.js";

export type Found = { message: Doc<"messages">; conversation: Doc<"conversations"> };

/** The user's conversation, unless it was deleted. Null is the one answer for what is missing, deleted and another's. */
export async function ownConversation(ctx: QueryCtx, userId: string, id: string): Promise<Doc<"conversations"> | null> {
  const row = await anyConversation(ctx, id);
  return row !== null && row.userId === userId && !row.deleted ? row : null;
}

/** The user's message, unless its conversation was deleted. */
export async function ownMessage(ctx: QueryCtx, userId: string, id: string): Promise<Found | null> {
  const found = await liveMessage(ctx, id);
  return found?.message.userId === userId ? found : null;
}

/** The conversation that has this id, of whomever and deleted too: to say whether the id is free. */
export async function anyConversation(ctx: QueryCtx, id: string): Promise<Doc<"conversations"> | null> {
  return await ctx.db
    .query("conversations")
    .withIndex("by_public_id", (q) => q.eq("id", id))
    .unique();
}

/** The message that has this id, of whomever. Rows of deleted conversations may still wait to be swept: they are none. */
export async function liveMessage(ctx: QueryCtx, id: string): Promise<Found | null> {
  const rows = ctx.db.query("messages").withIndex("by_public_id", (q) => q.eq("id", id));
  return await firstLive(ctx, rows);
}

/** A message of this turn, of whomever. */
export async function liveTurn(ctx: QueryCtx, turnId: string): Promise<Found | null> {
  const rows = ctx.db.query("messages").withIndex("by_turn", (q) => q.eq("turnId", turnId));
  return await firstLive(ctx, rows);
}

async function firstLive(ctx: QueryCtx, rows: AsyncIterable<Doc<"messages">>): Promise<Found | null> {
  for await (const message of rows) {
    const conversation = await ctx.db.get(message.conversation);
    if (conversation !== null && !conversation.deleted) return { message, conversation };
  }
  return null;
}
