import { conversationRowSchema, type PendingQuestion, pendingQuestionSchema } from "../messaging/keeper-state.ts";
import { messageSchema } from "../protocol/messages.ts";
import { openDatabase } from "./database.ts";
import { CURSOR, createHistory } from "./history.ts";
import { createMender } from "./mend.ts";
import { readRows, readText } from "./rows.ts";

export type Cache = ReturnType<typeof openCache>;

export type CacheOptions = {
  /** Each pair of server and user has its own database: nobody sees what another one left. */
  serverUrl: string;
  userId: string;
  /** The database was broken and is a new one: the history must be pulled again from the beginning. */
  onEmptied(): void;
  maxMessages?: number;
  indexedDb?: IDBFactory;
};

/** The account's history on this device, so that it is shown at once and offline, and what was asked and not yet sent. */
export function openCache(options: CacheOptions) {
  const { serverUrl, userId, onEmptied, maxMessages = MAX_MESSAGES, indexedDb = indexedDB } = options;
  const open = () => openDatabase(`sidestream ${serverUrl} ${userId}`, indexedDb);
  const { transact, close } = createMender(open, onEmptied);

  return {
    ...createHistory(transact, maxMessages),

    /** All that a new worker begins with. */
    load: () =>
      transact("readonly", async ({ all, get, where }) => ({
        conversations: readRows(conversationRowSchema, await all("conversations")),
        pending: readRows(pendingQuestionSchema, await all("outbox")),
        cursor: readText(await get("meta", CURSOR)),
        /** The turns that ran when the last worker looked. */
        running: readRows(messageSchema, await where("messages", "status", "streaming")).map(({ turnId }) => turnId),
      })),

    keepPending: (question: PendingQuestion) => transact("readwrite", ({ put }) => put("outbox", question)),
    dropPending: (turnId: string) => transact("readwrite", ({ remove }) => remove("outbox", turnId)),

    /** The text that waits in a composer; `key` is a conversation's id, or `new`. */
    draft: (key: string) => transact("readonly", async ({ get }) => readText(await get("drafts", key)) ?? ""),
    saveDraft: (key: string, text: string) =>
      transact("readwrite", ({ put, remove }) =>
        text === "" ? remove("drafts", key) : put("drafts", { key, value: text }),
      ),

    /** The conversation that was shown last; undefined for a new one. */
    lastOpened: () => transact("readonly", async ({ get }) => readText(await get("meta", LAST_OPENED))),
    saveLastOpened: (conversationId: string | null) =>
      transact("readwrite", ({ put, remove }) =>
        conversationId === null
          ? remove("meta", LAST_OPENED)
          : put("meta", { key: LAST_OPENED, value: conversationId }),
      ),

    close,
  };
}

const LAST_OPENED = "last-opened";
const MAX_MESSAGES = 5_000;
