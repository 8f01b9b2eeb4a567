import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { contentPlace, messageFrame, searchText, stagedContent, status } from "./validators.ts";

/**
 * `ts` is the time of the commit that wrote a row's newest form, in nanoseconds: the order of the changes feed. Every row
 * names its user, and every function compares.
 */
export default defineSchema({
  /** A deleted conversation stays as its own tombstone: its rows are invisible from that commit on and are swept later. */
  conversations: defineTable({
    userId: v.string(),
    id: v.string(),
    title: v.string(),
    pinned: v.boolean(),
    archived: v.boolean(),
    createdAt: v.string(),
    /** Last activity and id as one string that sorts: see activity.ts. */
    activity: v.string(),
    /** The message that a title is found as. */
    firstMessageId: v.string(),
    /** How many messages came; the next one's position. */
    messages: v.number(),
    /** The greatest id of an answer that ended, and the greatest id that was read. */
    lastEnded: v.optional(v.string()),
    readUpTo: v.optional(v.string()),
    deleted: v.boolean(),
    ts: v.commitTs(),
  })
    .index("by_public_id", ["id"])
    .index("by_activity", ["userId", "deleted", "activity"])
    .index("by_ts", ["userId", "ts"]),

  messages: defineTable({
    ...messageFrame,
    ...contentPlace,
    userId: v.string(),
    conversation: v.id("conversations"),
    /** The order in which the messages of a conversation came; a parent stands before its children. */
    position: v.number(),
    status,
    /** How many search texts belong to the content. */
    texts: v.number(),
    staged: v.array(stagedContent),
    nextKey: v.number(),
    ts: v.commitTs(),
  })
    .index("by_public_id", ["id"])
    .index("by_turn", ["turnId"])
    .index("by_position", ["conversation", "position"])
    .index("by_ts", ["userId", "ts"]),

  /** Contents too long for their message's row, cut into pieces. */
  contents: defineTable({
    userId: v.string(),
    message: v.id("messages"),
    key: v.number(),
    index: v.number(),
    text: v.string(),
  }).index("by_key", ["message", "key", "index"]),

  /** What can be found. A title has no message. */
  texts: defineTable({
    ...searchText.fields,
    userId: v.string(),
    conversation: v.id("conversations"),
    message: v.union(v.id("messages"), v.null()),
    key: v.number(),
  })
    .index("by_key", ["conversation", "message", "key"])
    .searchIndex("by_terms", { searchField: "terms", filterFields: ["userId"] }),

  /** The settings that belong to the person. */
  people: defineTable({ userId: v.string(), model: v.optional(v.string()), ts: v.commitTs() }).index("by_ts", [
    "userId",
    "ts",
  ]),

  /** The tools that a person allowed always. */
  tools: defineTable({ userId: v.string(), tool: v.string() }).index("by_tool", ["userId", "tool"]),
});
