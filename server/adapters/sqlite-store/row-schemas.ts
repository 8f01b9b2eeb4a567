import * as z from "zod";
import { type Conversation, conversationSchema, type Message, messageSchema } from "../../../lib/protocol/messages.ts";

/** The columns that `readConversationRow` needs. */
export const CONVERSATION_COLUMNS = `id, title, pinned, archived, created_at AS createdAt, updated_at AS updatedAt,
  coalesce(last_ended > coalesce(read_up_to, ''), 0) AS unread`;

/** The columns that `readMessageRow` needs. */
export const MESSAGE_COLUMNS = `id, conversation_id AS conversationId, parent_id AS parentId, turn_id AS turnId, role,
  status, created_at AS createdAt, content`;

/** A row of `conversations` as the protocol has it. Throws when it is not one. */
export function readConversationRow(row: unknown): Conversation {
  const { pinned, archived, unread, updatedAt, ...rest } = conversationRow.parse(row);
  return {
    ...rest,
    pinned: pinned !== 0,
    archived: archived !== 0,
    unread: unread !== 0,
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

/** A row of `messages` as the protocol has it. Throws when it is not one. */
export function readMessageRow(row: unknown): Message {
  const { content, ...frame } = messageRow.parse(row);
  const made: unknown = JSON.parse(content);
  return { ...frame, ...messageContent.parse(made) };
}

/** The `content` column. JSON keeps every UTF-16 unit, also lone surrogates, which SQLite's own text would not. */
export function contentOf({ parts, model, usage, error }: MessageContent): string {
  return JSON.stringify({ parts, model, usage, error });
}

export type MessageContent = Pick<Message, "parts" | "model" | "usage" | "error">;

const conversationRow = conversationSchema.extend({
  pinned: z.number(),
  archived: z.number(),
  unread: z.number(),
  /** Milliseconds since 1970: comparable, whatever precision a time was given in. */
  updatedAt: z.number(),
});

const contentKeys = { parts: true, model: true, usage: true, error: true } as const;
const messageContent = messageSchema.pick(contentKeys);
const messageRow = messageSchema.omit(contentKeys).extend({ content: z.string() });
