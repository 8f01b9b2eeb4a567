import type { FunctionReturnType } from "convex/server";
import { internal } from "../../../convex/_generated/api.js";
import { ApiError } from "../../../lib/protocol/errors.ts";
import { type Conversation, conversationSchema, type Message } from "../../../lib/protocol/messages.ts";
import type { Calls } from "./calls.ts";
import { readContent } from "./message-content.ts";

type ConversationRow = FunctionReturnType<typeof internal.conversations.list>["conversations"][number];
export type MessageRow = FunctionReturnType<typeof internal.messages.path>["messages"][number];

/** A conversation as the protocol has it. Throws when it is none. */
export function conversationOf({ updatedAt, ...rest }: ConversationRow): Conversation {
  return conversationSchema.parse({ ...rest, updatedAt: new Date(updatedAt).toISOString() });
}

/**
 * Reads rows with `read` until the contents of all of its messages could be read with them: between two calls an answer may
 * end and a conversation may be deleted, and then the rows are read anew.
 */
export async function withMessages<Rows>(
  calls: Calls,
  userId: string,
  read: () => Promise<{ rows: Rows; messages: readonly MessageRow[] }>,
): Promise<{ rows: Rows; messages: Message[] }> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const { rows, messages } = await read();
    const contents = await readContents(calls, userId, messages);
    if (contents === undefined) continue;
    return { rows, messages: messages.map((row) => messageOf(row, contents.get(row.row) ?? [])) };
  }
  throw new ApiError("unavailable", "The history changes faster than it can be read.", { retryAfter: 1 });
}

const MOST_ROUNDS = 10;

type RowId = MessageRow["row"];

/** The pieces of the contents that do not stand in their rows; undefined when one of them is not there any more. */
async function readContents(
  calls: Calls,
  userId: string,
  messages: readonly MessageRow[],
): Promise<Map<RowId, string[]> | undefined> {
  const contents = new Map<RowId, string[]>();
  let wanted = messages.filter(({ parts }) => parts > 0);
  while (wanted.length > 0) {
    const missing = wanted.map(({ row, key }) => ({ row, key, from: contents.get(row)?.length ?? 0 }));
    const { pieces, gone } = await calls.query(internal.contents.read, { userId, wanted: missing });
    if (gone.length > 0 || pieces.length === 0) return undefined;
    for (const { row, text } of pieces) contents.set(row, [...(contents.get(row) ?? []), text]);
    wanted = wanted.filter(({ row, parts }) => (contents.get(row)?.length ?? 0) < parts);
  }
  return contents;
}

function messageOf(row: MessageRow, pieces: readonly string[]): Message {
  const { id, conversationId, parentId, turnId, role, status, createdAt } = row;
  const frame = { id, conversationId, parentId, turnId, role, status, createdAt };
  return readContent(frame, row.content ?? pieces.join(""));
}
