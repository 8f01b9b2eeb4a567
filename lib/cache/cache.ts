import { conversationRowSchema, type PendingQuestion, pendingQuestionSchema } from "../messaging/keeper-state.ts";
import { describeDatabase } from "./database.ts";
import { CURSOR, createHistory } from "./history.ts";
import { createMender } from "./mend.ts";
import { readRows } from "./read-rows.ts";

export type Cache = ReturnType<typeof openCache>;

export type CacheOptions = {
  /** Each pair of server and user has its own database: nobody sees what another one left. */
  serverUrl: string;
  userId: string;
  /** The history was lost and must be pulled again from the beginning; pending questions and drafts are gone too. */
  onEmptied(): void;
  maxMessages?: number;
  indexedDb?: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange };
};

/** The account's history on this device, so that it is shown at once and offline, and what was asked and not yet sent. */
export function openCache({ serverUrl, userId, onEmptied, maxMessages = MAX_MESSAGES, indexedDb }: CacheOptions) {
  const name = `sidestream ${serverUrl} ${userId}`;
  const { run, close } = createMender(() => describeDatabase(name, indexedDb), onEmptied);

  return {
    ...createHistory(run, maxMessages),

    /** All that a new worker begins with. */
    load: () =>
      run(async ({ conversations, outbox, meta }) => ({
        conversations: readRows(conversationRowSchema, await conversations.toArray()),
        pending: readRows(pendingQuestionSchema, await outbox.toArray()),
        cursor: (await meta.get(CURSOR))?.value,
      })),

    keepPending: (question: PendingQuestion) => run(({ outbox }) => outbox.put(question)),
    dropPending: (turnId: string) => run(({ outbox }) => outbox.delete(turnId)),

    /** The text that waits in a composer; `key` is a conversation's id, or `new`. */
    draft: (key: string) => run(async ({ drafts }) => (await drafts.get(key))?.text ?? ""),
    saveDraft: (key: string, text: string) =>
      run(async ({ drafts }) => {
        if (text === "") await drafts.delete(key);
        else await drafts.put({ key, text });
      }),

    /** The conversation that was shown last; undefined for a new one. */
    lastOpened: () => run(async ({ meta }) => (await meta.get(LAST_OPENED))?.value),
    saveLastOpened: (conversationId: string | null) =>
      run(async ({ meta }) => {
        if (conversationId === null) await meta.delete(LAST_OPENED);
        else await meta.put({ key: LAST_OPENED, value: conversationId });
      }),

    close,
  };
}

const LAST_OPENED = "last-opened";
const MAX_MESSAGES = 5_000;
