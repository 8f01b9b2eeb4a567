import type { Id } from "./_generated/dataModel.js";
import type { MutationCtx } from "./_generated/server.js";
import type { SearchText } from "./validators.ts";

/** Makes this the title that a conversation is found by. */
export async function putTitle(
  ctx: MutationCtx,
  { userId, conversation }: { userId: string; conversation: Id<"conversations"> },
  { text, terms }: SearchText,
): Promise<void> {
  const known = await ctx.db
    .query("texts")
    .withIndex("by_key", (q) => q.eq("conversation", conversation).eq("message", null))
    .unique();
  if (known !== null) await ctx.db.patch(known._id, { text, terms });
  else await ctx.db.insert("texts", { userId, conversation, message: null, key: 0, text, terms });
}
