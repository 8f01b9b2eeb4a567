import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Message } from "../../../lib/protocol/messages.ts";
import type { Messages } from "../../../lib/protocol/responses.ts";
import { decodePlace, encodePlace } from "../../ports/place-cursor.ts";
import type { Page } from "../../ports/store.ts";
import { MESSAGE_COLUMNS, readMessageRow } from "./row-schemas.ts";
import { takePage } from "./take-page.ts";

/** Reading messages: one, a page of a conversation, and the way from the root to one. */
export function messages(db: DatabaseSync) {
  const selectOne = db.prepare(`SELECT ${MESSAGE_COLUMNS} FROM messages WHERE id = $id AND user_id = $userId`);
  const conversationExists = db.prepare("SELECT 1 FROM conversations WHERE id = $conversationId AND user_id = $userId");
  const selectPage = db.prepare(`
    SELECT position, length(content) AS size, ${MESSAGE_COLUMNS} FROM messages
    WHERE conversation_id = $conversationId AND user_id = $userId AND position < $position
    ORDER BY position DESC`);
  const selectPath = db.prepare(`
    WITH RECURSIVE upwards (at, parent) AS (
      SELECT position, parent_id FROM messages WHERE id = $id AND user_id = $userId
      UNION ALL
      SELECT position, parent_id FROM messages JOIN upwards ON messages.id = parent WHERE user_id = $userId
    )
    SELECT ${MESSAGE_COLUMNS} FROM messages JOIN upwards ON position = at ORDER BY position`);

  return {
    byId(userId: string, id: string): Message | undefined {
      const row = selectOne.get({ id, userId });
      return row === undefined ? undefined : readMessageRow(row);
    },

    list(userId: string, conversationId: string, { before, limit }: Page): Messages | undefined {
      if (conversationExists.get({ conversationId, userId }) === undefined) return undefined;
      const [position] = before === undefined ? [Number.MAX_SAFE_INTEGER] : decodePlace(before, place.parse);
      const page = takePage(selectPage.iterate({ conversationId, userId, position }), limit, { size: sizeOf });
      const oldest = page.rows.at(-1);
      const read = page.rows.map(readMessageRow).reverse();
      if (oldest === undefined || !page.more) return { messages: read };
      return { messages: read, before: encodePlace([placeRow.parse(oldest).position]) };
    },

    /** A parent is always older than its child, so the order of arrival is the way down from the root. */
    path(userId: string, id: string): Message[] {
      return selectPath.all({ id, userId }).map(readMessageRow);
    },
  };
}

function sizeOf(row: unknown): number {
  return placeRow.parse(row).size;
}

const place = z.tuple([z.int().positive()]);
const placeRow = z.object({ position: z.number(), size: z.number() });
