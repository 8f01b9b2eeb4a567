import { lossSchema, type PendingQuestion, pendingQuestionSchema } from "../messaging/keeper-state.ts";
import { conversationSchema, messageSchema } from "../protocol/messages.ts";
import { cacheName } from "./delete-caches.ts";
import { createEditRows } from "./edits.ts";
import { createHistory } from "./history.ts";
import { openMended } from "./mend.ts";
import { CURSOR, editSchema, keptSettingsSchema, readRow, readRows, readText } from "./rows.ts";

export type Cache = ReturnType<typeof openCache>;

export type CacheOptions = {
  /** Each pair of server and user has its own database: nobody sees what another one left. */
  serverUrl: string;
  userId: string;
  /** The database was broken and is a new one: the history must be pulled again from the beginning. */
  onEmptied(): void;
  maxMessages?: number;
};

/** The account's history on this device, so that it is shown at once and offline, and what was asked or changed and not yet sent. */
export function openCache({ serverUrl, userId, onEmptied, maxMessages = MAX_MESSAGES }: CacheOptions) {
  const database = openMended(cacheName({ serverUrl, userId }), onEmptied);
  const { use, transact, close } = database;

  return {
    ...createHistory(database, maxMessages),
    ...createEditRows(database),

    /** All that a new worker begins with. */
    load: () =>
      transact("readonly", async (transaction) => {
        const rows = {
          conversations: await transaction.objectStore("conversations").getAll(),
          pending: await transaction.objectStore("outbox").getAll(),
          cursor: await transaction.objectStore("meta").get(CURSOR),
          edits: await transaction.objectStore("edits").getAll(),
          losses: await transaction.objectStore("losses").getAll(),
          settings: await transaction.objectStore("settings").get("server"),
          streaming: await transaction.objectStore("messages").index("status").getAll("streaming"),
        };
        return {
          conversations: readRows(conversationSchema, rows.conversations),
          pending: readRows(pendingQuestionSchema, rows.pending),
          cursor: readText(rows.cursor),
          edits: readRows(editSchema, rows.edits),
          losses: readRows(lossSchema, rows.losses),
          /** As the server has them. */
          settings: readRow(keptSettingsSchema, rows.settings)?.settings ?? {},
          /** The turns that ran when the last worker looked. */
          running: readRows(messageSchema, rows.streaming).map(({ turnId }) => turnId),
        };
      }),

    keepPending: (question: PendingQuestion) => use((db) => db.put("outbox", question)),
    /** Writes a question over itself; one that is not there any more stays away. */
    updatePending: (question: PendingQuestion) =>
      transact("readwrite", async (transaction) => {
        const outbox = transaction.objectStore("outbox");
        if (await outbox.get(question.turn.turnId)) await outbox.put(question);
      }),
    dropPending: (turnId: string) => use((db) => db.delete("outbox", turnId)),

    /** The text that waits in a composer; `key` is a conversation's id, or `new`. */
    draft: async (key: string) => readText(await use((db) => db.get("drafts", key))) ?? "",
    saveDraft: async (key: string, text: string) => {
      await use<unknown>((db) => (text === "" ? db.delete("drafts", key) : db.put("drafts", { key, value: text })));
    },

    /** The conversation that was shown last; undefined for a new one. */
    lastOpened: async () => readText(await use((db) => db.get("meta", LAST_OPENED))),
    saveLastOpened: async (conversationId: string | null) => {
      await use<unknown>((db) =>
        conversationId === null
          ? db.delete("meta", LAST_OPENED)
          : db.put("meta", { key: LAST_OPENED, value: conversationId }),
      );
    },

    close,
  };
}

const LAST_OPENED = "last-opened";
const MAX_MESSAGES = 5_000;
