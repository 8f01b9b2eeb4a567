import type { ConversationRow } from "../messaging/keeper-state.ts";
import { type Message, messageSchema } from "../protocol/messages.ts";
import type { Change, Changes } from "../protocol/responses.ts";
import type { Stores } from "./database.ts";
import type { Transact } from "./mend.ts";
import { type KeptConversation, keptConversationSchema, readRow, readRows } from "./rows.ts";
import { trimMessages } from "./trim-messages.ts";

/** The key of the cursor in `meta`. */
export const CURSOR = "cursor";

/** What one page of changes did. */
export type Applied = {
  conversations: ConversationRow[];
  messages: Message[];
  deleted: string[];
  /** Answers that ended by this page. `ran`: this device knew that they ran. */
  ended: { message: Message; ran: boolean }[];
};

/** Conversations and messages of the cache. At most `maxMessages` messages are kept, the newest ones. */
export function createHistory(transact: Transact, maxMessages: number) {
  return {
    /** Writes one page of changes with its cursor in one transaction; `isUnread` marks where answers ended. */
    applyChanges: (
      { changes, cursor }: Pick<Changes, "changes" | "cursor">,
      isUnread: (conversationId: string) => boolean,
    ) =>
      transact("readwrite", async (stores) => {
        const applied: Applied = { conversations: [], messages: [], deleted: [], ended: [] };
        for (const change of changes) await applyOne(stores, change, applied);
        await markUnread(stores, applied, isUnread);
        await stores.put("meta", { key: CURSOR, value: cursor });
        await trimMessages(stores, maxMessages);
        return applied;
      }),

    /** The kept messages of a conversation, oldest first; `trimmed` when older ones were dropped. */
    messagesOf: (conversationId: string) =>
      transact("readonly", async (stores) => ({
        messages: inOrder(readRows(messageSchema, await stores.where("messages", "conversationId", conversationId))),
        trimmed: (await conversationIn(stores, conversationId))?.trimmed === true,
      })),

    /** Adds the rows that are not there yet and returns them: what a pull brought is never older than they are. */
    addMissing: (rows: readonly Message[]) =>
      transact("readwrite", async ({ get, put }) => {
        const missing: Message[] = [];
        for (const row of rows) {
          if ((await get("messages", row.id)) !== undefined) continue;
          await put("messages", row);
          missing.push(row);
        }
        return missing;
      }),

    /** Whether the saved answer of a turn has come. */
    isSaved: (turnId: string) =>
      transact("readonly", async ({ where }) => {
        const rows = readRows(messageSchema, await where("messages", "turnId", turnId));
        return rows.some((row) => row.role === "assistant" && row.status !== "streaming");
      }),

    setUnread: (conversationId: string, unread: boolean) =>
      transact("readwrite", async (stores) => {
        const row = await conversationIn(stores, conversationId);
        if (row) await stores.put("conversations", { ...row, unread });
      }),

    /** Forgets history and cursor, and keeps what the person wrote. */
    clearHistory: () =>
      transact("readwrite", async ({ clear, remove }) => {
        await clear("conversations");
        await clear("messages");
        await remove("meta", CURSOR);
      }),
  };
}

async function applyOne(stores: Stores, change: Change, applied: Applied): Promise<void> {
  switch (change.kind) {
    case "conversation": {
      const kept = await conversationIn(stores, change.conversation.id);
      const row: ConversationRow = { ...change.conversation, unread: kept?.unread === true };
      await stores.put("conversations", { ...row, trimmed: kept?.trimmed });
      applied.conversations.push(row);
      return;
    }
    case "message": {
      const { message } = change;
      const before = readRow(messageSchema, await stores.get("messages", message.id));
      await stores.put("messages", message);
      applied.messages.push(message);
      const ran = before?.status === "streaming";
      const isEnd = message.role === "assistant" && message.status !== "streaming" && (ran || before === undefined);
      if (isEnd) applied.ended.push({ message, ran });
      return;
    }
    case "deleted":
      await stores.remove("conversations", change.id);
      await stores.remove("drafts", change.id);
      for (const { id } of readRows(messageSchema, await stores.where("messages", "conversationId", change.id))) {
        await stores.remove("messages", id);
      }
      applied.deleted.push(change.id);
  }
}

async function markUnread(stores: Stores, applied: Applied, isUnread: (id: string) => boolean): Promise<void> {
  const ids = new Set(applied.ended.map(({ message }) => message.conversationId));
  for (const id of [...ids].filter(isUnread)) {
    const row = await conversationIn(stores, id);
    if (!row || row.unread) continue;
    await stores.put("conversations", { ...row, unread: true });
    const { trimmed: _, ...conversation } = row;
    applied.conversations.push({ ...conversation, unread: true });
  }
}

async function conversationIn({ get }: Stores, id: string): Promise<KeptConversation | undefined> {
  return readRow(keptConversationSchema, await get("conversations", id));
}

/** By time and then by id: UUIDv7 ids of one millisecond still have an order. */
function inOrder(messages: Message[]): Message[] {
  return messages.toSorted((a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
