import { messageSchema } from "../protocol/messages.ts";
import type { Stores } from "./database.ts";
import { keptConversationSchema, readRow, readRows } from "./rows.ts";

/** Drops the oldest messages, a tenth at once so that it is rare, and marks their conversations as trimmed. */
export async function trimMessages(stores: Stores, max: number): Promise<void> {
  const count = await stores.count("messages");
  if (count <= max) return;
  const oldest = readRows(messageSchema, await stores.oldest("messages", count - Math.floor(max * 0.9)));
  for (const { id } of oldest) await stores.remove("messages", id);
  for (const id of new Set(oldest.map((message) => message.conversationId))) {
    const row = readRow(keptConversationSchema, await stores.get("conversations", id));
    if (row) await stores.put("conversations", { ...row, trimmed: true });
  }
}
