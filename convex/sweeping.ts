import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Id } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx } from "./_generated/server.js";

/** What one call deletes at most, so that it stays far under the limits of a transaction. */
const BATCH = { texts: 200, contents: 6, messages: 50 };

/** Deletes the rows of a deleted conversation, its tombstone aside, in batches that schedule each other. */
export const conversation = internalMutation({
  args: { userId: v.string(), conversation: v.id("conversations") },
  returns: v.null(),
  handler: async (ctx, args): Promise<null> => {
    const row = await ctx.db.get(args.conversation);
    if (row?.userId !== args.userId || !row.deleted) return null;
    if (await sweepRows(ctx, row._id)) await ctx.scheduler.runAfter(0, internal.sweeping.conversation, args);
    return null;
  },
});

/** Deletes the rows of a content that its message does not have any more, or never came to have. */
export const content = internalMutation({
  args: { userId: v.string(), message: v.id("messages"), key: v.number() },
  returns: v.null(),
  handler: async (ctx, args): Promise<null> => {
    const message = await ctx.db.get(args.message);
    if (message?.userId !== args.userId || message.key === args.key) return null;
    if (message.staged.some((each) => each.key === args.key)) return null;
    const contents = await ctx.db
      .query("contents")
      .withIndex("by_key", (q) => q.eq("message", args.message).eq("key", args.key))
      .take(BATCH.contents);
    const texts = await ctx.db
      .query("texts")
      .withIndex("by_key", (q) =>
        q.eq("conversation", message.conversation).eq("message", args.message).eq("key", args.key),
      )
      .take(BATCH.texts);
    for (const { _id } of contents) await ctx.db.delete(_id);
    for (const { _id } of texts) await ctx.db.delete(_id);
    const isFull = contents.length === BATCH.contents || texts.length === BATCH.texts;
    if (isFull) await ctx.scheduler.runAfter(0, internal.sweeping.content, args);
    return null;
  },
});

/** Deletes one batch of a conversation's rows; true when there may be more. A message goes after its contents. */
async function sweepRows(ctx: MutationCtx, conversation: Id<"conversations">): Promise<boolean> {
  const texts = await ctx.db
    .query("texts")
    .withIndex("by_key", (q) => q.eq("conversation", conversation))
    .take(BATCH.texts);
  for (const { _id } of texts) await ctx.db.delete(_id);
  const messages = await ctx.db
    .query("messages")
    .withIndex("by_position", (q) => q.eq("conversation", conversation))
    .take(BATCH.messages);
  let left = BATCH.contents;
  for (const message of messages) {
    const contents = await ctx.db
      .query("contents")
      .withIndex("by_key", (q) => q.eq("message", message._id))
      .take(left);
    for (const { _id } of contents) await ctx.db.delete(_id);
    left -= contents.length;
    if (left === 0) return true;
    await ctx.db.delete(message._id);
  }
  return texts.length === BATCH.texts || messages.length === BATCH.messages;
}
