import { type Infer, v } from "convex/values";
import { internalQuery } from "./_generated/server.js";
import { ownConversation, ownMessage } from "./ownership.ts";
import { shownMessage } from "./shown.ts";
import { messageRow } from "./validators.ts";

/** UTF-16 units of content that one page may stand for; the first message comes whatever its size. */
const PAGE_UNITS = 8 * 1024 * 1024;
/** Rows that one call reads on the way up to the root: contents in rows are at most 8,192 units each. */
const PATH_ROWS = 300;

/** The newest page of a conversation, or the one before the position `before`; newest first. */
export const list = internalQuery({
  args: { userId: v.string(), conversationId: v.string(), before: v.union(v.number(), v.null()), limit: v.number() },
  returns: v.union(v.object({ messages: v.array(messageRow), more: v.boolean() }), v.null()),
  handler: async (ctx, { userId, conversationId, before, limit }) => {
    const conversation = await ownConversation(ctx, userId, conversationId);
    if (conversation === null) return null;
    const rows = ctx.db
      .query("messages")
      .withIndex("by_position", (q) => {
        const all = q.eq("conversation", conversation._id);
        return before === null ? all : all.lt("position", before);
      })
      .order("desc");
    const messages: Infer<typeof messageRow>[] = [];
    let units = 0;
    for await (const row of rows) {
      units += row.size;
      const isFull = messages.length === limit || (messages.length > 0 && units > PAGE_UNITS);
      if (isFull) return { messages, more: true };
      messages.push(shownMessage(row));
    }
    return { messages, more: false };
  },
});

/** From the message upwards to the root, or as far as one call goes: then `next` is the message to go on from. */
export const path = internalQuery({
  args: { userId: v.string(), messageId: v.string() },
  returns: v.object({ messages: v.array(messageRow), next: v.union(v.string(), v.null()) }),
  handler: async (ctx, { userId, messageId }) => {
    const found = await ownMessage(ctx, userId, messageId);
    if (found === null) return { messages: [], next: null };
    const { conversation, message } = found;
    // A parent stands before its child: one range read backwards meets the whole way, with the branches beside it.
    const rows = ctx.db
      .query("messages")
      .withIndex("by_position", (q) => q.eq("conversation", conversation._id).lte("position", message.position))
      .order("desc");
    const messages: Infer<typeof messageRow>[] = [];
    let next: string | null = messageId;
    let read = 0;
    for await (const row of rows) {
      if (next === null || read === PATH_ROWS) break;
      read += 1;
      if (row.id !== next) continue;
      messages.push(shownMessage(row));
      next = row.parentId;
    }
    return { messages, next };
  },
});
