import type { Database } from "./database.ts";

/** Drops the oldest messages, a tenth at once so that it is rare, and marks their conversations as trimmed. */
export async function trimMessages({ conversations, messages }: Database, max: number): Promise<void> {
  const count = await messages.count();
  if (count <= max) return;
  const oldest = await messages
    .orderBy("createdAt")
    .limit(count - Math.floor(max * 0.9))
    .toArray();
  await messages.bulkDelete(oldest.map((message) => message.id));
  const ids = [...new Set(oldest.map((message) => message.conversationId))];
  await conversations.where("id").anyOf(ids).modify({ trimmed: true });
}
