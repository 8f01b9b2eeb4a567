import { Dexie, type Table } from "dexie";
import type { ConversationRow, PendingQuestion } from "../messaging/keeper-state.ts";
import type { Message } from "../protocol/messages.ts";

/** A conversation as it is kept; `trimmed`: its oldest messages were dropped here and must be asked of the server. */
export type KeptConversation = ConversationRow & { trimmed?: boolean | undefined };

/** The tables of one account. Rows are read through their schemas: another version may have written them. */
export type Database = {
  dexie: Dexie;
  conversations: Table<KeptConversation, string>;
  messages: Table<Message, string>;
  outbox: Table<PendingQuestion, string>;
  drafts: Table<{ key: string; text: string }, string>;
  meta: Table<{ key: string; value: string }, string>;
};

/** Describes the database; it is opened by its first use. */
export function describeDatabase(name: string, indexedDb?: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }) {
  const dexie = new Dexie(name, indexedDb);
  dexie.version(1).stores({
    conversations: "id",
    messages: "id, conversationId, turnId, createdAt",
    outbox: "turn.turnId",
    drafts: "key",
    meta: "key",
  });
  const database: Database = {
    dexie,
    conversations: dexie.table("conversations"),
    messages: dexie.table("messages"),
    outbox: dexie.table("outbox"),
    drafts: dexie.table("drafts"),
    meta: dexie.table("meta"),
  };
  return database;
}
