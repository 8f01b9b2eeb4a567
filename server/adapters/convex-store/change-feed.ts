import type { FunctionReturnType } from "convex/server";
import { internal } from "../../../convex/_generated/api.js";
import type { Message } from "../../../lib/protocol/messages.ts";
import type { Change, Changes } from "../../../lib/protocol/responses.ts";
import { unknownCursor } from "../../ports/place-cursor.ts";
import { refusalOf } from "./call-failure.ts";
import type { Calls } from "./calls.ts";
import type { Cursors } from "./cursors.ts";
import { conversationOf, withMessages } from "./rows.ts";
import type { WatchedUsers } from "./watched-users.ts";

type PageRow = FunctionReturnType<typeof internal.changes.page>["changes"][number];

/** Pages of changes by cursor, and the newest cursor. */
export function changeFeed(deps: { calls: Calls; cursors: Cursors; watched: WatchedUsers }) {
  const { calls, cursors, watched } = deps;

  const readPage = async (userId: string, after: bigint, limit: number) => {
    try {
      return await calls.query(internal.changes.page, { userId, after, limit });
    } catch (error) {
      throw refusalOf(error) === "bad_request" ? unknownCursor(error) : error;
    }
  };

  return {
    async changes(userId: string, query: { after?: string; limit: number }): Promise<Changes> {
      const after = query.after === undefined ? 0n : cursors.toCommit(query.after);
      const { rows: page, messages } = await withMessages(calls, userId, async () => {
        const rows = await readPage(userId, after, query.limit);
        return { rows, messages: rows.changes.flatMap((row) => (row.kind === "message" ? [row.message] : [])) };
      });
      watched.note(userId, page.cursor);
      const byId = new Map(messages.map((message) => [message.id, message]));
      return {
        changes: page.changes.flatMap((row) => changeOf(row, byId) ?? []),
        ...(page.settings !== null && { settings: page.settings }),
        cursor: cursors.ofCommit(page.cursor),
        more: page.more,
      };
    },

    async newest(userId: string): Promise<string | undefined> {
      const newest = await calls.query(internal.changes.newest, { userId });
      watched.note(userId, newest);
      return newest === 0n ? undefined : cursors.ofCommit(newest);
    },
  };
}

function changeOf(row: PageRow, messages: ReadonlyMap<string, Message>): Change | undefined {
  if (row.kind === "deleted") return { kind: "deleted", of: "conversation", id: row.id };
  if (row.kind === "conversation") return { kind: "conversation", conversation: conversationOf(row.conversation) };
  const message = messages.get(row.message.id);
  return message && { kind: "message", message };
}
