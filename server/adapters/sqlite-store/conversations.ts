import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Conversation } from "../../../lib/protocol/messages.ts";
import type { ConversationPatch } from "../../../lib/protocol/requests.ts";
import type { Conversations } from "../../../lib/protocol/responses.ts";
import { decodePlace, encodePlace } from "../../ports/place-cursor.ts";
import type { Page } from "../../ports/store.ts";
import type { Commits } from "./commits.ts";
import { CONVERSATION_COLUMNS, readConversationRow } from "./row-schemas.ts";
import type { SearchIndex } from "./search-index.ts";

/**
 * The list of conversations. A new turn and a finished answer are activity and move `updatedAt`; a new title, a pin, the
 * archive and a read mark are not, so that tidying up leaves the order as the person knows it.
 */
export function conversations(db: DatabaseSync, { commits, index }: { commits: Commits; index: SearchIndex }) {
  const selectOne = db.prepare(`
    SELECT ${CONVERSATION_COLUMNS} FROM conversations WHERE id = $id AND user_id = $userId`);
  const selectPage = db.prepare(`
    SELECT ${CONVERSATION_COLUMNS} FROM conversations
    WHERE user_id = $userId AND (conversations.updated_at, id) < ($at, $id)
    ORDER BY conversations.updated_at DESC, id DESC LIMIT $limit`);
  const update = db.prepare(`
    UPDATE conversations SET title = $title, pinned = $pinned, archived = $archived, revision = $revision WHERE id = $id`);
  const moveReadMark = db.prepare(`
    UPDATE conversations SET read_up_to = $readUpTo WHERE id = $id AND coalesce(read_up_to, '') < $readUpTo
      AND EXISTS (SELECT 1 FROM messages WHERE messages.id = $readUpTo AND messages.conversation_id = $id)`);
  const deleteConversation = db.prepare("DELETE FROM conversations WHERE id = $id");
  const deleteMessages = db.prepare("DELETE FROM messages WHERE conversation_id = $id");
  const bury = db.prepare(`
    INSERT INTO tombstones (conversation_id, user_id, revision) VALUES ($id, $userId, $revision)`);

  const byId = (userId: string, id: string): Conversation | undefined => {
    const row = selectOne.get({ id, userId });
    return row === undefined ? undefined : readConversationRow(row);
  };

  return {
    byId,

    has(userId: string, id: string): boolean {
      return selectOne.get({ id, userId }) !== undefined;
    },

    list(userId: string, { before, limit }: Page): Conversations {
      const [at, id] = before === undefined ? [Number.MAX_SAFE_INTEGER, ""] : decodePlace(before, place.parse);
      const rows = selectPage.all({ userId, at, id, limit: limit + 1 }).map(readConversationRow);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      if (last === undefined || rows.length === page.length) return { conversations: page };
      return { conversations: page, before: encodePlace([Date.parse(last.updatedAt), last.id]) };
    },

    patch(userId: string, id: string, patch: ConversationPatch): Conversation | undefined {
      return commits.write(userId, (revise) => {
        const before = byId(userId, id);
        if (before === undefined) return undefined;
        if (patch.readUpTo !== undefined) moveReadMark.run({ id, readUpTo: patch.readUpTo });
        const row = byId(userId, id) ?? before;
        const title = patch.title?.toWellFormed() ?? row.title;
        const changed = { ...row, title, pinned: patch.pinned ?? row.pinned, archived: patch.archived ?? row.archived };
        if (!isSame(before, changed)) {
          const flags = { pinned: Number(changed.pinned), archived: Number(changed.archived) };
          update.run({ id, title, ...flags, revision: revise() });
          if (title !== row.title) index.putTitle(userId, id, title);
        }
        return changed;
      });
    },

    remove(userId: string, id: string): boolean {
      return commits.write(userId, (revise) => {
        if (byId(userId, id) === undefined) return false;
        index.dropConversation(id);
        deleteMessages.run({ id });
        deleteConversation.run({ id });
        bury.run({ id, userId, revision: revise() });
        return true;
      });
    },
  };
}

function isSame(one: Conversation, other: Conversation): boolean {
  const { title, pinned, archived, unread } = one;
  return title === other.title && pinned === other.pinned && archived === other.archived && unread === other.unread;
}

/** Milliseconds of the last activity, and the id that orders equal times. */
const place = z.tuple([z.int(), z.string()]);
