import { v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, internalQuery, type QueryCtx } from "./_generated/server.js";
import { committed, settings } from "./validators.ts";

/** What belongs to the person. */
export const readSettings = internalQuery({
  args: { userId: v.string() },
  returns: settings,
  handler: async (ctx, { userId }) => settingsOf(await rowOf(ctx, userId)),
});

/** What is named is set, null takes it back. A patch that changes nothing writes nothing. */
export const patchSettings = internalMutation({
  args: { userId: v.string(), model: v.optional(v.union(v.string(), v.null())) },
  returns: v.object({ settings, committed }),
  handler: async (ctx, { userId, model }) => {
    const row = await rowOf(ctx, userId);
    const before = settingsOf(row);
    const after = model === undefined ? before : model === null ? {} : { model };
    if (after.model === before.model) return { settings: before, committed: null };
    const fields = { userId, ...after, ts: ctx.db.vars.commitTs };
    if (row === null) await ctx.db.insert("people", fields);
    else await ctx.db.replace(row._id, fields);
    return { settings: after, committed: ctx.db.vars.commitTs };
  },
});

export const allowedTools = internalQuery({
  args: { userId: v.string() },
  returns: v.array(v.string()),
  handler: async (ctx, { userId }) => {
    const rows = await ctx.db
      .query("tools")
      .withIndex("by_tool", (q) => q.eq("userId", userId))
      .take(MOST_TOOLS);
    return rows.map(({ tool }) => tool);
  },
});

export const allowTool = internalMutation({
  args: { userId: v.string(), tool: v.string() },
  returns: v.null(),
  handler: async (ctx, { userId, tool }) => {
    const known = await ctx.db
      .query("tools")
      .withIndex("by_tool", (q) => q.eq("userId", userId).eq("tool", tool))
      .unique();
    if (known === null) await ctx.db.insert("tools", { userId, tool });
    return null;
  },
});

/** More elements than a result may have are not read; nobody allows as many by hand. */
const MOST_TOOLS = 8_000;

export function settingsOf(row: Doc<"people"> | null): { model?: string } {
  return row?.model === undefined ? {} : { model: row.model };
}

async function rowOf(ctx: QueryCtx, userId: string): Promise<Doc<"people"> | null> {
  return await ctx.db
    .query("people")
    .withIndex("by_ts", (q) => q.eq("userId", userId))
    .unique();
}
