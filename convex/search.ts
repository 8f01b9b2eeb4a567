import { v } from "convex/values";
import type { Id } from "./_generated/dataModel.js";
import { internalQuery, type QueryCtx } from "./_generated/server.js";

/**
 * The texts that have one of the terms at least, the last of them also as the beginning of a word. Whoever asks looks for
 * all of the words in them: the index cannot.
 */
export const find = internalQuery({
  args: { userId: v.string(), terms: v.string(), limit: v.number() },
  returns: v.array(
    v.object({
      conversationId: v.string(),
      /** Of a title: the first message of its conversation. */
      messageId: v.string(),
      isTitle: v.boolean(),
      text: v.string(),
      writtenAt: v.number(),
    }),
  ),
  handler: async (ctx, { userId, terms, limit }) => {
    const rows = await ctx.db
      .query("texts")
      .withSearchIndex("by_terms", (q) => q.search("terms", terms).eq("userId", userId))
      .take(limit);
    const seen = rowsSeen(ctx);
    const found = [];
    for (const { conversation: inConversation, message: inMessage, key, text, _creationTime } of rows) {
      const conversation = await seen.conversation(inConversation);
      if (conversation === null || conversation.deleted) continue;
      const message = inMessage === null ? null : await seen.message(inMessage);
      // Of a content that is staged, or was written over, nothing is found.
      if (inMessage !== null && message?.key !== key) continue;
      const messageId = message?.id ?? conversation.firstMessageId;
      const place = { conversationId: conversation.id, messageId, isTitle: message === null };
      found.push({ ...place, text, writtenAt: _creationTime });
    }
    return found;
  },
});

/** Reads each row once: a long message is found by many of its texts. */
function rowsSeen(ctx: QueryCtx) {
  const conversations = new Map<Id<"conversations">, ReturnType<typeof getConversation>>();
  const messages = new Map<Id<"messages">, ReturnType<typeof getMessage>>();
  const getConversation = (id: Id<"conversations">) => ctx.db.get(id);
  const getMessage = (id: Id<"messages">) => ctx.db.get(id);
  return {
    conversation: (id: Id<"conversations">) => once(conversations, id, getConversation),
    message: (id: Id<"messages">) => once(messages, id, getMessage),
  };
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, read: (key: Key) => Value): Value {
  const value = known.get(key) ?? read(key);
  known.set(key, value);
  return value;
}
