import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, internalQuery, type MutationCtx } from "./_generated/server.js";
import { anyConversation, ownConversation, ownMessage } from "./ownership.ts";
import { shownConversation } from "./shown.ts";
import { putTitle } from "./titles.ts";
import { committed, conversationRow, searchText } from "./validators.ts";

/** Newest activity first. `before` is the activity that the page begins behind; so is the page's own. */
export const list = internalQuery({
  args: { userId: v.string(), before: v.union(v.string(), v.null()), limit: v.number() },
  returns: v.object({ conversations: v.array(conversationRow), before: v.union(v.string(), v.null()) }),
  handler: async (ctx, { userId, before, limit }) => {
    const rows = await ctx.db
      .query("conversations")
      .withIndex("by_activity", (q) => {
        const own = q.eq("userId", userId).eq("deleted", false);
        return before === null ? own : own.lt("activity", before);
      })
      .order("desc")
      .take(limit + 1);
    const page = rows.slice(0, limit);
    const hasMore = rows.length > page.length;
    return { conversations: page.map(shownConversation), before: hasMore ? (page.at(-1)?.activity ?? null) : null };
  },
});

export const has = internalQuery({
  args: { userId: v.string(), id: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { userId, id }) => (await ownConversation(ctx, userId, id)) !== null,
});

/** Changes what is named. A patch that changes nothing that is shown leaves `ts` as it was. */
export const patch = internalMutation({
  args: {
    userId: v.string(),
    id: v.string(),
    title: v.optional(searchText),
    pinned: v.optional(v.boolean()),
    archived: v.optional(v.boolean()),
    readUpTo: v.optional(v.string()),
  },
  returns: v.union(v.object({ conversation: conversationRow, committed }), v.null()),
  handler: async (ctx, { userId, id, title, readUpTo, ...flags }) => {
    const row = await ownConversation(ctx, userId, id);
    if (row === null) return null;
    const mark = await movedMark(ctx, row, readUpTo);
    const { pinned = row.pinned, archived = row.archived } = flags;
    const changed = { ...row, title: title?.text ?? row.title, pinned, archived, ...mark };
    const isSame = sameShown(row, changed);
    if (isSame && mark.readUpTo === undefined) return { conversation: shownConversation(row), committed: null };
    await ctx.db.patch(row._id, {
      ...{ title: changed.title, pinned, archived, ...mark },
      ...(!isSame && { ts: ctx.db.vars.commitTs }),
    });
    if (title !== undefined && changed.title !== row.title) {
      await putTitle(ctx, { userId, conversation: row._id }, title);
    }
    return { conversation: shownConversation(changed), committed: isSame ? null : ctx.db.vars.commitTs };
  },
});

/**
 * Leaves the tombstone, from which on all rows of the conversation are invisible; they are swept in batches later. `gone`:
 * whether the user had it, now or before: how a repeated call learns that it was done.
 */
export const remove = internalMutation({
  args: { userId: v.string(), id: v.string() },
  returns: v.object({ gone: v.boolean(), committed }),
  handler: async (ctx, { userId, id }) => {
    const row = await anyConversation(ctx, id);
    if (row === null || row.userId !== userId) return { gone: false, committed: null };
    if (row.deleted) return { gone: true, committed: null };
    await ctx.db.patch(row._id, { deleted: true, title: "", ts: ctx.db.vars.commitTs });
    await ctx.scheduler.runAfter(0, internal.sweeping.conversation, { userId, conversation: row._id });
    return { gone: true, committed: ctx.db.vars.commitTs };
  },
});

/** A read mark moves forward only, and to a message of its conversation only. */
async function movedMark(
  ctx: MutationCtx,
  row: Doc<"conversations">,
  readUpTo: string | undefined,
): Promise<{ readUpTo?: string }> {
  if (readUpTo === undefined || readUpTo <= (row.readUpTo ?? "")) return {};
  const found = await ownMessage(ctx, row.userId, readUpTo);
  return found?.conversation._id === row._id ? { readUpTo } : {};
}

function sameShown(one: Doc<"conversations">, other: Doc<"conversations">): boolean {
  const [before, after] = [shownConversation(one), shownConversation(other)];
  const isSameFlags = before.pinned === after.pinned && before.archived === after.archived;
  return isSameFlags && before.title === after.title && before.unread === after.unread;
}
