import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Message } from "../../../lib/protocol/messages.ts";
import { foldText } from "../../ports/found-text/fold-text.ts";
import { searchableText } from "../../ports/found-text/searchable-text.ts";

/** Keeps what can be found in step with the rows. Called inside the transaction that writes them. */
export type SearchIndex = {
  putMessage(userId: string, message: Message): void;
  putTitle(userId: string, conversationId: string, title: string): void;
  dropConversation(conversationId: string): void;
};

export function searchIndex(db: DatabaseSync): SearchIndex {
  const find = db.prepare("SELECT id FROM texts WHERE conversation_id = $conversationId AND message_id IS $messageId");
  const insert = db.prepare(`
    INSERT INTO texts (user_id, conversation_id, message_id, folded)
    VALUES ($userId, $conversationId, $messageId, $folded) RETURNING id`);
  const update = db.prepare("UPDATE texts SET folded = $folded WHERE id = $id RETURNING id");
  const unlist = db.prepare("DELETE FROM text_index WHERE rowid = $id");
  const list = db.prepare("INSERT INTO text_index (rowid, folded) VALUES ($id, $folded)");
  const unlistAll = db.prepare(`
    DELETE FROM text_index WHERE rowid IN (SELECT id FROM texts WHERE conversation_id = $conversationId)`);
  const deleteAll = db.prepare("DELETE FROM texts WHERE conversation_id = $conversationId");

  const put = (userId: string, conversationId: string, messageId: string | null, text: string) => {
    const folded = foldText(text);
    const known = idRow.safeParse(find.get({ conversationId, messageId })).data;
    if (known === undefined && folded === "") return;
    if (known !== undefined) unlist.run({ id: known.id });
    const row = known
      ? update.get({ id: known.id, folded })
      : insert.get({ userId, conversationId, messageId, folded });
    list.run({ id: idRow.parse(row).id, folded });
  };

  return {
    putMessage: (userId, { conversationId, id, parts }) => put(userId, conversationId, id, searchableText(parts)),
    putTitle: (userId, conversationId, title) => put(userId, conversationId, null, title),
    dropConversation(conversationId) {
      unlistAll.run({ conversationId });
      deleteAll.run({ conversationId });
    },
  };
}

const idRow = z.object({ id: z.number() });
