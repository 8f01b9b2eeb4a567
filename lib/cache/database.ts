import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Loss, PendingQuestion } from "../messaging/keeper-state.ts";
import type { Message } from "../protocol/messages.ts";
import { CURSOR, type Edit, type KeptConversation, type KeptSettings, type TextRow } from "./rows.ts";

export type Database = IDBPDatabase<CacheSchema>;
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  CacheSchema,
  StoreNames<CacheSchema>[],
  Mode
>;

/** What this version writes. What it reads may be another version's work: see `readRow`. */
interface CacheSchema extends DBSchema {
  conversations: { key: string; value: KeptConversation };
  messages: {
    key: string;
    value: Message;
    indexes: { conversationId: string; turnId: string; status: string; createdAt: string };
  };
  outbox: { key: string; value: PendingQuestion };
  drafts: { key: string; value: TextRow };
  meta: { key: string; value: TextRow };
  edits: { key: string; value: Edit };
  losses: { key: string; value: Loss };
  settings: { key: string; value: KeptSettings };
}

/** Opens a database that closes itself as soon as somebody wants to delete or to upgrade it. */
export async function openDatabase(name: string): Promise<Database> {
  const db = await openDB<CacheSchema>(name, VERSION, { upgrade });
  db.addEventListener("versionchange", () => db.close());
  return db;
}

/** Runs `work` in one transaction over all stores, which is undone when it throws. It may await nothing but its stores. */
export async function inTransaction<Mode extends IDBTransactionMode, T>(
  db: Database,
  mode: Mode,
  work: (transaction: Transaction<Mode>) => Promise<T>,
): Promise<T> {
  const transaction = db.transaction(STORES, mode);
  let ended = false;
  const committed = transaction.done.finally(() => {
    ended = true;
  });
  // Where `work` fails as well, what it says is the reason and this is only its consequence.
  committed.catch(() => undefined);
  try {
    const result = await work(transaction);
    await committed;
    return result;
  } catch (error) {
    if (!ended) transaction.abort();
    throw error;
  }
}

const VERSION = 2;
const STORES: StoreNames<CacheSchema>[] = [
  "conversations",
  "messages",
  "outbox",
  "drafts",
  "meta",
  "edits",
  "losses",
  "settings",
];

/** Each step goes on from where the one before it ended, whichever version the database is of. */
function upgrade(db: Database, from: number, _to: number | null, transaction: Transaction<"versionchange">): void {
  if (from < 1) createFirstStores(db);
  if (from < 2) addEdits(db);
  // Version 1 skipped settings and computed read marks on its own: both are had by pulling from the beginning again. A
  // database without stores is replaced when it is used.
  if (from === 1 && db.objectStoreNames.contains("meta")) void transaction.objectStore("meta").delete(CURSOR);
}

function createFirstStores(db: Database): void {
  db.createObjectStore("conversations", { keyPath: "id" });
  const messages = db.createObjectStore("messages", { keyPath: "id" });
  messages.createIndex("conversationId", "conversationId");
  messages.createIndex("turnId", "turnId");
  messages.createIndex("status", "status");
  messages.createIndex("createdAt", "createdAt");
  db.createObjectStore("outbox", { keyPath: "turn.turnId" });
  db.createObjectStore("drafts", { keyPath: "key" });
  db.createObjectStore("meta", { keyPath: "key" });
}

function addEdits(db: Database): void {
  db.createObjectStore("edits", { keyPath: "key" });
  db.createObjectStore("losses", { keyPath: "id" });
  db.createObjectStore("settings", { keyPath: "key" });
}
