import type { ConversationRow } from "../messaging/keeper-state.ts";
import { type Message, messageSchema } from "../protocol/messages.ts";
import type { Change, Changes } from "../protocol/responses.ts";
import type { Database } from "./database.ts";
import type { Run } from "./mend.ts";
import { readRows } from "./read-rows.ts";
import { trimMessages } from "./trim-messages.ts";

/** The key of the cursor in `meta`. */
export const CURSOR = "cursor";

/** What one page of changes did. */
export type Applied = {
  conversations: ConversationRow[];
  messages: Message[];
  deleted: string[];
  /** Answers that ended by this page: they ran, or were not known, before. */
  ended: Message[];
};

/** Conversations and messages of the cache. At most `maxMessages` messages are kept, the newest ones. */
export function createHistory(run: Run, maxMessages: number) {
  return {
    /** Writes one page of changes with its cursor in one transaction. */
    applyChanges: ({ changes, cursor }: Pick<Changes, "changes" | "cursor">) =>
      run(async (database) => {
        const { dexie, conversations, messages, drafts, meta } = database;
        return dexie.transaction("rw", [conversations, messages, drafts, meta], async () => {
          const applied: Applied = { conversations: [], messages: [], deleted: [], ended: [] };
          for (const change of changes) await applyOne(database, change, applied);
          await meta.put({ key: CURSOR, value: cursor });
          await trimMessages(database, maxMessages);
          return applied;
        });
      }),

    /** The kept messages of a conversation, oldest first; `trimmed` when older ones were dropped. */
    messagesOf: (conversationId: string) =>
      run(async ({ conversations, messages }) => ({
        messages: inOrder(
          readRows(messageSchema, await messages.where("conversationId").equals(conversationId).toArray()),
        ),
        trimmed: (await conversations.get(conversationId))?.trimmed === true,
      })),

    /** Adds rows that are not there yet: what a pull brought is never older than them. */
    addMissing: (rows: readonly Message[]) =>
      run(async ({ dexie, messages }) =>
        dexie.transaction("rw", messages, async () => {
          const kept = await messages.bulkGet(rows.map((row) => row.id));
          const missing = rows.filter((_, index) => kept[index] === undefined);
          await messages.bulkPut(missing);
          return missing;
        }),
      ),

    /** Whether the saved answer of a turn has come. */
    isSaved: (turnId: string) =>
      run(async ({ messages }) => {
        const rows = await messages.where("turnId").equals(turnId).toArray();
        return rows.some((row) => row.role === "assistant" && row.status !== "streaming");
      }),

    setUnread: (conversationId: string, unread: boolean) =>
      run(({ conversations }) => conversations.update(conversationId, { unread })),

    /** Forgets history and cursor, and keeps what the person wrote. */
    clearHistory: () =>
      run(async ({ dexie, conversations, messages, meta }) =>
        dexie.transaction("rw", [conversations, messages, meta], async () => {
          await Promise.all([conversations.clear(), messages.clear(), meta.delete(CURSOR)]);
        }),
      ),
  };
}

async function applyOne({ conversations, messages, drafts }: Database, change: Change, applied: Applied) {
  switch (change.kind) {
    case "conversation": {
      const kept = await conversations.get(change.conversation.id);
      const row = { ...change.conversation, unread: kept?.unread === true };
      await conversations.put({ ...row, trimmed: kept?.trimmed });
      applied.conversations.push(row);
      return;
    }
    case "message": {
      const { message } = change;
      const before = await messages.get(message.id);
      await messages.put(message);
      applied.messages.push(message);
      const ranBefore = before === undefined || before.status === "streaming";
      if (message.role === "assistant" && message.status !== "streaming" && ranBefore) applied.ended.push(message);
      return;
    }
    case "deleted":
      await conversations.delete(change.id);
      await messages.where("conversationId").equals(change.id).delete();
      await drafts.delete(change.id);
      applied.deleted.push(change.id);
  }
}

/** By time and then by id: UUIDv7 ids of one millisecond still have an order. */
function inOrder(messages: Message[]): Message[] {
  return messages.toSorted((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
