import type { Infer } from "convex/values";
import type { Doc } from "./_generated/dataModel.js";
import { activityTime } from "./activity.ts";
import type { conversationRow, messageRow } from "./validators.ts";

/** A conversation as it leaves Convex. */
export function shownConversation(row: Doc<"conversations">): Infer<typeof conversationRow> {
  const { id, title, pinned, archived, createdAt, lastEnded = "", readUpTo = "" } = row;
  return {
    id,
    title,
    pinned,
    archived,
    unread: lastEnded > readUpTo,
    createdAt,
    updatedAt: activityTime(row.activity),
  };
}

/** A message as it leaves Convex. */
export function shownMessage(row: Doc<"messages">): Infer<typeof messageRow> {
  const { id, conversationId, parentId, turnId, role, createdAt, status, position } = row;
  const { version, key, size, content, parts, _id } = row;
  return {
    ...{ id, conversationId, parentId, turnId, role, createdAt, status, position },
    ...{ version, key, size, content, parts, row: _id },
  };
}
