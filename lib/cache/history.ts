import { type Conversation, type Message, messageSchema } from "../protocol/messages.ts";
import type { Change, Changes } from "../protocol/responses.ts";
import type { Transaction } from "./database.ts";
import type { MendedDatabase } from "./mend.ts";
import { type KeptConversation, keptConversationSchema, readRow, readRows } from "./rows.ts";
import { trimMessages } from "./trim-messages.ts";

/** The key of the cursor in `meta`. */
export const CURSOR = "cursor";

/** What one page of changes did. */
export type Applied = {
  conversations: Conversation[];
  messages: Message[];
  deleted: string[];
  /** Answers that ended by this page. `ran`: this device knew that they ran. */
  ended: { message: Message; ran: boolean }[];
};

/** Conversations and messages of the cache. At most `maxMessages` messages are kept, the newest ones. */
export function createHistory({ use, transact }: MendedDatabase, maxMessages: number) {
  return {
    /** Writes one page of changes with its cursor in one transaction; `isUnread` marks where answers ended. */
    applyChanges: (
      { changes, cursor }: Pick<Changes, "changes" | "cursor">,
      isUnread: (conversationId: string) => boolean,
    ) =>
      transact("readwrite", async (transaction) => {
        const applied: Applied = { conversations: [], messages: [], deleted: [], ended: [] };
        for (const change of changes) await applyOne(transaction, change, applied);
        await markUnread(transaction, applied, isUnread);
        await transaction.objectStore("meta").put({ key: CURSOR, value: cursor });
        await trimMessages(transaction, maxMessages);
        return applied;
      }),

    /** The kept messages of a conversation, oldest first; `trimmed` when older ones were dropped. */
    messagesOf: (conversationId: string) =>
      transact("readonly", async (transaction) => {
        const rows = await transaction.objectStore("messages").index("conversationId").getAll(conversationId);
        const conversation = await conversationIn(transaction, conversationId);
        return { messages: inOrder(readRows(messageSchema, rows)), trimmed: conversation?.trimmed === true };
      }),

    /** Adds the rows that are not there yet and returns them: what a pull brought is never older than they are. */
    addMissing: (rows: readonly Message[]) =>
      transact("readwrite", async (transaction) => {
        const messages = transaction.objectStore("messages");
        const missing: Message[] = [];
        for (const row of rows) {
          if ((await messages.get(row.id)) !== undefined) continue;
          await messages.put(row);
          missing.push(row);
        }
        return missing;
      }),

    /** Whether the saved answer of a turn has come. */
    isSaved: async (turnId: string) => {
      const rows = readRows(messageSchema, await use((db) => db.getAllFromIndex("messages", "turnId", turnId)));
      return rows.some((row) => row.role === "assistant" && row.status !== "streaming");
    },

    setUnread: (conversationId: string, unread: boolean) =>
      transact("readwrite", async (transaction) => {
        const row = await conversationIn(transaction, conversationId);
        if (row) await transaction.objectStore("conversations").put({ ...row, unread });
      }),

    /** Forgets history and cursor, and keeps what the person wrote. */
    clearHistory: () =>
      transact("readwrite", async (transaction) => {
        await transaction.objectStore("conversations").clear();
        await transaction.objectStore("messages").clear();
        await transaction.objectStore("meta").delete(CURSOR);
      }),
  };
}

async function applyOne(transaction: Transaction<"readwrite">, change: Change, applied: Applied): Promise<void> {
  const conversations = transaction.objectStore("conversations");
  const messages = transaction.objectStore("messages");
  switch (change.kind) {
    case "conversation": {
      const kept = await conversationIn(transaction, change.conversation.id);
      const row: Conversation = { ...change.conversation, unread: kept?.unread === true };
      await conversations.put({ ...row, trimmed: kept?.trimmed });
      applied.conversations.push(row);
      return;
    }
    case "message": {
      const { message } = change;
      const before = readRow(messageSchema, await messages.get(message.id));
      await messages.put(message);
      applied.messages.push(message);
      const ran = before?.status === "streaming";
      const isEnd = message.role === "assistant" && message.status !== "streaming" && (ran || before === undefined);
      if (isEnd) applied.ended.push({ message, ran });
      return;
    }
    case "deleted":
      await conversations.delete(change.id);
      await transaction.objectStore("drafts").delete(change.id);
      for (const id of await messages.index("conversationId").getAllKeys(change.id)) await messages.delete(id);
      applied.deleted.push(change.id);
  }
}

async function markUnread(
  transaction: Transaction<"readwrite">,
  applied: Applied,
  isUnread: (id: string) => boolean,
): Promise<void> {
  const ids = new Set(applied.ended.map(({ message }) => message.conversationId));
  for (const id of [...ids].filter(isUnread)) {
    const row = await conversationIn(transaction, id);
    if (!row || row.unread) continue;
    await transaction.objectStore("conversations").put({ ...row, unread: true });
    const { trimmed: _, ...conversation } = row;
    applied.conversations.push({ ...conversation, unread: true });
  }
}

async function conversationIn<Mode extends IDBTransactionMode>(
  transaction: Transaction<Mode>,
  id: string,
): Promise<KeptConversation | undefined> {
  return readRow(keptConversationSchema, await transaction.objectStore("conversations").get(id));
}

/** By time and then by id: UUIDv7 ids of one millisecond still have an order. */
function inOrder(messages: Message[]): Message[] {
  return messages.toSorted((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
