import { v } from "convex/values";
import { internalQuery } from "./_generated/server.js";

/** UTF-16 units that one call answers with, so that it stays far under the 16 MiB that a function may read and return. */
const CALL_UNITS = 2 * 1024 * 1024;

/**
 * The pieces of long contents, as many as one call can carry, in the order in which they are wanted. `gone`: a message
 * that does not exist any more, or has another content now.
 */
export const read = internalQuery({
  args: {
    userId: v.string(),
    wanted: v.array(v.object({ row: v.id("messages"), key: v.number(), from: v.number() })),
  },
  returns: v.object({
    pieces: v.array(v.object({ row: v.id("messages"), index: v.number(), text: v.string() })),
    gone: v.array(v.id("messages")),
  }),
  handler: async (ctx, { userId, wanted }) => {
    const pieces = [];
    const gone = [];
    let units = 0;
    for (const { row, key, from } of wanted) {
      const message = await ctx.db.get(row);
      const conversation = message === null ? null : await ctx.db.get(message.conversation);
      const isThere = message?.userId === userId && message.key === key && conversation?.deleted === false;
      if (!isThere) {
        gone.push(row);
        continue;
      }
      const rows = ctx.db
        .query("contents")
        .withIndex("by_key", (q) => q.eq("message", row).eq("key", key).gte("index", from));
      for await (const { index, text } of rows) {
        pieces.push({ row, index, text });
        units += text.length;
        if (units >= CALL_UNITS) return { pieces, gone };
      }
    }
    return { pieces, gone };
  },
});
