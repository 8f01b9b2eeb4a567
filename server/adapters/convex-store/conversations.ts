import { internal } from "../../../convex/_generated/api.js";
import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { ConversationPatch } from "../../../lib/protocol/requests.ts";
import type { Conversations, Messages } from "../../../lib/protocol/responses.ts";
import { encodePlace } from "../../ports/place-cursor.ts";
import type { Page } from "../../ports/store.ts";
import type { Calls } from "./calls.ts";
import { decodeActivity, decodePosition } from "./cursors.ts";
import { conversationOf, type MessageRow, withMessages } from "./rows.ts";
import type { TellingWrites } from "./telling-writes.ts";
import { searchTextOf } from "./write-content.ts";

/** The list of conversations and what is done to one of them. */
export function conversations({ calls, writes }: { calls: Calls; writes: TellingWrites }) {
  return {
    async list(userId: string, { before, limit }: Page): Promise<Conversations> {
      const from = before === undefined ? null : decodeActivity(before);
      const page = await calls.query(internal.conversations.list, { userId, before: from, limit });
      const listed = page.conversations.map(conversationOf);
      return { conversations: listed, ...(page.before !== null && { before: encodePlace(page.before) }) };
    },

    has: (userId: string, id: string): Promise<boolean> => calls.query(internal.conversations.has, { userId, id }),

    async patch(userId: string, id: string, patch: ConversationPatch): Promise<Conversation | undefined> {
      const { title, ...rest } = patch;
      const named = { ...rest, ...(title !== undefined && { title: searchTextOf(title.toWellFormed()) }) };
      const patched = await writes.run(
        userId,
        () => calls.mutation(internal.conversations.patch, { userId, id, ...named }),
        (result) => result?.committed ?? null,
      );
      return patched === null ? undefined : conversationOf(patched.conversation);
    },

    async remove(userId: string, id: string): Promise<boolean> {
      let wasRepeated = false;
      const remove = async () => {
        const call = await calls.mutation(internal.conversations.remove, { userId, id });
        wasRepeated = call.repeated;
        return call;
      };
      const { gone, committed } = await writes.run(userId, remove, (result) => result.committed);
      // The answer to the attempt that deleted it was lost: the tombstone tells of it.
      return committed !== null || (gone && wasRepeated);
    },

    async listMessages(userId: string, conversationId: string, { before, limit }: Page): Promise<Messages | undefined> {
      const from = before === undefined ? null : decodePosition(before);
      const { rows, messages } = await withMessages(calls, userId, async () => {
        const page = await calls.query(internal.messages.list, { userId, conversationId, before: from, limit });
        return { rows: page, messages: page?.messages ?? [] };
      });
      if (rows === null) return undefined;
      const oldest = rows.messages.at(-1);
      const hasMore = rows.more && oldest !== undefined;
      return { messages: messages.reverse(), ...(hasMore && { before: encodePlace(oldest.position) }) };
    },

    async path(userId: string, messageId: string): Promise<Message[]> {
      const { messages } = await withMessages(calls, userId, async () => {
        const rows = await pathRows(userId, messageId);
        return { rows, messages: rows };
      });
      return messages.reverse();
    },
  };

  async function pathRows(userId: string, messageId: string): Promise<MessageRow[]> {
    const rows: MessageRow[] = [];
    let next: string | null = messageId;
    while (next !== null) {
      const page: { messages: MessageRow[]; next: string | null } = await calls.query(internal.messages.path, {
        userId,
        messageId: next,
      });
      // Deleted between two calls: nothing of it exists.
      if (page.messages.length === 0) return [];
      rows.push(...page.messages);
      next = page.next;
    }
    return rows;
  }
}
