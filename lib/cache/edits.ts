import type { Loss } from "../messaging/keeper-state.ts";
import type { Conversation } from "../protocol/messages.ts";
import type { PersonSettings } from "../protocol/responses.ts";
import { conversationIn, dropQuestions, forgetConversation, loseUnsent } from "./forget-conversation.ts";
import type { MendedDatabase } from "./mend.ts";
import type { Edit } from "./rows.ts";

/** What the server said to an edit. `rest`: what was changed again meanwhile. `row`: when nothing newer can be here. */
export type Settled = { key: string; rest?: Edit | undefined; row?: Conversation; settings?: PersonSettings };

/** Edits that wait for the server, and what became impossible. */
export function createEditRows({ use, transact }: MendedDatabase) {
  return {
    /** Writes an edit in its newest form; one that deletes takes the conversation's unsent questions with it. */
    keepEdit: (edit: Edit) =>
      transact("readwrite", async (transaction) => {
        await transaction.objectStore("edits").put(edit);
        if (edit.kind === "delete") await dropQuestions(transaction, edit.key);
      }),

    /** The server has taken a change, or refused it. */
    settleEdit: ({ key, rest, row, settings }: Settled) =>
      transact("readwrite", async (transaction) => {
        const edits = transaction.objectStore("edits");
        await (rest ? edits.put(rest) : edits.delete(key));
        if (settings) await transaction.objectStore("settings").put({ key: "server", settings });
        const kept = row && (await conversationIn(transaction, key));
        if (kept) await transaction.objectStore("conversations").put({ ...row, trimmed: kept.trimmed });
      }),

    /** The server has deleted a conversation. */
    settleDeletion: (id: string) =>
      transact("readwrite", async (transaction) => {
        await transaction.objectStore("edits").delete(id);
        await forgetConversation(transaction, id);
      }),

    /** Makes losses of all that waits for a conversation which the server does not have any more; its title was `title`. */
    lose: (id: string, title?: string) => transact("readwrite", (transaction) => loseUnsent(transaction, id, title)),

    keepLoss: async (loss: Loss) => void (await use((db) => db.put("losses", loss))),
    dismissLoss: (id: string) => use((db) => db.delete("losses", id)),
  };
}
