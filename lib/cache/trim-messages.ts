import { messageSchema } from "../protocol/messages.ts";
import type { Transaction } from "./database.ts";
import { keptConversationSchema, readRow, readRows } from "./rows.ts";

/** Drops the oldest messages, a tenth at once so that it is rare, and marks their conversations as trimmed. */
export async function trimMessages(transaction: Transaction<"readwrite">, max: number): Promise<void> {
  const messages = transaction.objectStore("messages");
  const conversations = transaction.objectStore("conversations");
  const count = await messages.count();
  if (count <= max) return;
  const excess = await messages.index("createdAt").getAll(null, count - Math.floor(max * 0.9));
  const oldest = readRows(messageSchema, excess);
  for (const { id } of oldest) await messages.delete(id);
  for (const id of new Set(oldest.map((message) => message.conversationId))) {
    const row = readRow(keptConversationSchema, await conversations.get(id));
    if (row) await conversations.put({ ...row, trimmed: true });
  }
}
