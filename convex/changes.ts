import { ConvexError, type Infer, v } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { internalQuery, type QueryCtx } from "./_generated/server.js";
import { settingsOf } from "./people.ts";
import { shownConversation, shownMessage } from "./shown.ts";
import { conversationRow, messageRow, settings } from "./validators.ts";

const change = v.union(
  v.object({ kind: v.literal("conversation"), conversation: conversationRow }),
  v.object({ kind: v.literal("message"), message: messageRow }),
  v.object({ kind: v.literal("deleted"), id: v.string() }),
);

/** UTF-16 units of content that a page may stand for; the first commit comes whatever its size. */
const PAGE_UNITS = 8 * 1024 * 1024;
/** The most rows that one commit writes in one table. */
const ROWS_OF_COMMIT = 2;

/**
 * The rows that are newer than the commit `after`, in the order of commits, and within one a conversation before its
 * messages. The rows of one commit come together. Throws `bad_request` for a commit that this user has not seen yet.
 */
export const page = internalQuery({
  args: { userId: v.string(), after: v.int64(), limit: v.number() },
  returns: v.object({
    changes: v.array(change),
    settings: v.union(settings, v.null()),
    cursor: v.int64(),
    more: v.boolean(),
  }),
  handler: async (ctx, { userId, after, limit }) => {
    const rows = await rowsAfter(ctx, userId, after, limit + ROWS_OF_COMMIT);
    if (rows.length === 0) {
      if ((await newestOf(ctx, userId)) !== after) throw new ConvexError({ code: "bad_request" });
      return { changes: [], settings: null, cursor: after, more: false };
    }
    const taken = takeCommits(rows, limit);
    const changes: Infer<typeof change>[] = [];
    for (const row of taken) {
      const told = await changeOf(ctx, row);
      if (told !== undefined) changes.push(told);
    }
    const person = taken.find(({ kind }) => kind === "person");
    return {
      changes,
      settings: person?.kind === "person" ? settingsOf(person.row) : null,
      cursor: taken.at(-1)?.ts ?? after,
      more: taken.length < rows.length,
    };
  },
});

/** The newest commit that the changes feed tells of; 0 before the first. Followed live by every server with a reader. */
export const newest = internalQuery({
  args: { userId: v.string() },
  returns: v.int64(),
  handler: (ctx, { userId }) => newestOf(ctx, userId),
});

type Row =
  | { ts: bigint; kind: "conversation"; row: Doc<"conversations"> }
  | { ts: bigint; kind: "message"; row: Doc<"messages"> }
  | { ts: bigint; kind: "person"; row: Doc<"people"> };

async function rowsAfter(ctx: QueryCtx, userId: string, after: bigint, limit: number): Promise<Row[]> {
  const conversations = await ctx.db
    .query("conversations")
    .withIndex("by_ts", (q) => q.eq("userId", userId).gt("ts", after))
    .take(limit);
  const messages = await ctx.db
    .query("messages")
    .withIndex("by_ts", (q) => q.eq("userId", userId).gt("ts", after))
    .take(limit);
  const people = await ctx.db
    .query("people")
    .withIndex("by_ts", (q) => q.eq("userId", userId).gt("ts", after))
    .take(1);
  const rows: Row[] = [
    ...conversations.map((row) => ({ ts: timeOf(row), kind: "conversation" as const, row })),
    ...messages.map((row) => ({ ts: timeOf(row), kind: "message" as const, row })),
    ...people.map((row) => ({ ts: timeOf(row), kind: "person" as const, row })),
  ];
  return rows.sort((one, other) => (one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : placeIn(one) - placeIn(other)));
}

/** The order within one commit, which is about one conversation. */
function placeIn(row: Row): number {
  return row.kind === "message" ? row.row.position : -1;
}

function takeCommits(rows: readonly Row[], limit: number): Row[] {
  const taken: Row[] = [];
  let units = 0;
  for (const row of rows) {
    units += row.kind === "message" ? row.row.size : 0;
    const isFull = taken.length >= limit || units > PAGE_UNITS;
    const last = taken.at(-1);
    if (isFull && last !== undefined && last.ts !== row.ts) return taken;
    taken.push(row);
  }
  return taken;
}

async function changeOf(ctx: QueryCtx, row: Row): Promise<Infer<typeof change> | undefined> {
  if (row.kind === "person") return undefined;
  if (row.kind === "conversation") {
    if (row.row.deleted) return { kind: "deleted", id: row.row.id };
    return { kind: "conversation", conversation: shownConversation(row.row) };
  }
  const conversation = await ctx.db.get(row.row.conversation);
  if (conversation === null || conversation.deleted) return undefined;
  return { kind: "message", message: shownMessage(row.row) };
}

async function newestOf(ctx: QueryCtx, userId: string): Promise<bigint> {
  const rows = [
    await ctx.db
      .query("conversations")
      .withIndex("by_ts", (q) => q.eq("userId", userId))
      .order("desc")
      .first(),
    await ctx.db
      .query("messages")
      .withIndex("by_ts", (q) => q.eq("userId", userId))
      .order("desc")
      .first(),
    await ctx.db
      .query("people")
      .withIndex("by_ts", (q) => q.eq("userId", userId))
      .order("desc")
      .first(),
  ];
  return rows.reduce((newest, row) => (row !== null && timeOf(row) > newest ? timeOf(row) : newest), 0n);
}

/** Outside the mutation that writes it, a commit time is a number. */
function timeOf({ ts }: { ts: bigint | unknown }): bigint {
  if (typeof ts !== "bigint") throw new Error("a commit time was read before its commit");
  return ts;
}
