import type { Loss } from "../messaging/keeper-state.ts";
import { type AnswerPart, type Conversation, type Message, messageSchema } from "../protocol/messages.ts";
import type { Change, Changes, PersonSettings } from "../protocol/responses.ts";
import type { Transaction } from "./database.ts";
import { conversationIn, forgetConversation, loseUnsent } from "./forget-conversation.ts";
import type { MendedDatabase } from "./mend.ts";
import { CURSOR, readRow, readRows } from "./rows.ts";
import { trimMessages } from "./trim-messages.ts";

/** What one page of changes did. */
export type Applied = {
  conversations: Conversation[];
  messages: Message[];
  deleted: string[];
  settings?: PersonSettings;
  /** What waited for conversations that are deleted now. */
  losses: Loss[];
  /** Answers that ended by this page. `ran`: this device knew that they ran. */
  ended: { message: Message; ran: boolean }[];
};

/** Conversations and messages of the cache. At most `maxMessages` messages are kept, the newest ones. */
export function createHistory({ use, transact }: MendedDatabase, maxMessages: number) {
  return {
    /** Writes one page of changes with its cursor in one transaction, and what the page makes impossible as losses. */
    applyChanges: ({ changes, settings, cursor }: Pick<Changes, "changes" | "settings" | "cursor">) =>
      transact("readwrite", async (transaction) => {
        const applied: Applied = { conversations: [], messages: [], deleted: [], losses: [], ended: [] };
        for (const change of changes) await applyOne(transaction, change, applied);
        if (settings) await transaction.objectStore("settings").put({ key: "server", settings });
        await transaction.objectStore("meta").put({ key: CURSOR, value: cursor });
        await trimMessages(transaction, maxMessages);
        return settings ? { ...applied, settings } : applied;
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

    /** What an answer holds until its saved row comes, which alone tells of the end. */
    keepParts: (messageId: string, parts: readonly AnswerPart[]) =>
      transact("readwrite", async (transaction) => {
        const messages = transaction.objectStore("messages");
        const row = readRow(messageSchema, await messages.get(messageId));
        if (row?.status === "streaming") await messages.put({ ...row, parts: [...parts] });
      }),

    /** Whether the saved answer of a turn has come. */
    isSaved: async (turnId: string) => {
      const rows = readRows(messageSchema, await use((db) => db.getAllFromIndex("messages", "turnId", turnId)));
      return rows.some((row) => row.role === "assistant" && row.status !== "streaming");
    },

    /** Forgets history and cursor, and keeps what the person wrote. */
    clearHistory: () =>
      transact("readwrite", async (transaction) => {
        await transaction.objectStore("conversations").clear();
        await transaction.objectStore("messages").clear();
        await transaction.objectStore("settings").clear();
        await transaction.objectStore("meta").delete(CURSOR);
      }),
  };
}

async function applyOne(transaction: Transaction<"readwrite">, change: Change, applied: Applied): Promise<void> {
  const messages = transaction.objectStore("messages");
  switch (change.kind) {
    case "conversation": {
      const { conversation } = change;
      const kept = await conversationIn(transaction, conversation.id);
      await transaction.objectStore("conversations").put({ ...conversation, trimmed: kept?.trimmed });
      applied.conversations.push(conversation);
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
      applied.losses.push(...(await loseUnsent(transaction, change.id)));
      await forgetConversation(transaction, change.id);
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
