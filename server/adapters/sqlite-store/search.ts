import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { SearchHit } from "../../../lib/protocol/responses.ts";
import { queryWords } from "../../ports/found-text/query-words.ts";
import { searchableText } from "../../ports/found-text/searchable-text.ts";
import { snippetOf } from "../../ports/found-text/snippet.ts";

type SearchDeps = {
  readConversation(userId: string, id: string): Conversation | undefined;
  readMessage(userId: string, id: string): Message | undefined;
};

/**
 * Finds the texts that contain every word of the query, also as a part of a longer word. With a word of three characters
 * or more the index finds and ranks them; shorter words are too short for its trigrams and are looked for in the texts
 * themselves, newest first. A title is found as the first message of its conversation.
 */
export function search(db: DatabaseSync, { readConversation, readMessage }: SearchDeps) {
  const containsShortWords = `
    NOT EXISTS (SELECT 1 FROM json_each($shortWords) AS word WHERE instr(texts.folded, word.value) = 0)`;
  const foundMessage = `conversation_id AS conversationId, message_id AS foundIn, coalesce(message_id,
    (SELECT id FROM messages WHERE messages.conversation_id = texts.conversation_id ORDER BY position LIMIT 1)
  ) AS messageId`;
  const selectRanked = db.prepare(`
    SELECT ${foundMessage} FROM text_index JOIN texts ON texts.id = text_index.rowid
    WHERE text_index MATCH $match AND texts.user_id = $userId AND ${containsShortWords}
    ORDER BY text_index.rank, texts.id DESC LIMIT $limit`);
  const selectNewest = db.prepare(`
    SELECT ${foundMessage} FROM texts
    WHERE texts.user_id = $userId AND ${containsShortWords}
    ORDER BY texts.id DESC LIMIT $limit`);

  const textOf = (userId: string, { conversationId, foundIn }: Found): string => {
    if (foundIn === null) return readConversation(userId, conversationId)?.title ?? "";
    return searchableText(readMessage(userId, foundIn)?.parts ?? []);
  };

  return (userId: string, { q, limit }: { q: string; limit: number }): SearchHit[] => {
    const words = queryWords(q);
    if (words.length === 0) return [];
    const long = words.filter(hasTrigram);
    const shortWords = JSON.stringify(words.filter((word) => !hasTrigram(word)));
    // A first message can be found twice, by itself and by its conversation's title: read enough to fill the page.
    const window = { userId, shortWords, limit: limit * 2 };
    const rows = long.length > 0 ? selectRanked.all({ ...window, match: matchOf(long) }) : selectNewest.all(window);
    return oncePerMessage(rows.map((row) => foundRow.parse(row)))
      .slice(0, limit)
      .map((found) => {
        const { conversationId, messageId } = found;
        return { conversationId, messageId, snippet: snippetOf(textOf(userId, found), words) };
      });
  };
}

function hasTrigram(word: string): boolean {
  return [...word].length >= 3;
}

/** Each word as an FTS5 string, in which nothing but the quote has a meaning. */
function matchOf(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND ");
}

function oncePerMessage(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ messageId }) => !seen.has(messageId) && seen.add(messageId));
}

const foundRow = z.object({
  conversationId: z.string(),
  messageId: z.string(),
  /** Null: in the title. */
  foundIn: z.string().nullable(),
});
type Found = z.infer<typeof foundRow>;
