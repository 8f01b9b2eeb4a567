import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { Change, Changes } from "../../../lib/protocol/responses.ts";
import type { Cursors } from "./cursors.ts";
import { takePage } from "./take-page.ts";

type FeedDeps = {
  cursors: Cursors;
  readConversation(userId: string, id: string): Conversation | undefined;
  readMessage(userId: string, id: string): Message | undefined;
};

/**
 * The rows of a user in the order of their revisions. A row that changes between two pages leaves its place and comes
 * again at the end, so nothing is lost and the newest form is the last one seen.
 */
export function changeFeed(db: DatabaseSync, { cursors, readConversation, readMessage }: FeedDeps) {
  const selectRefs = db.prepare(`
    SELECT revision, 'conversation' AS kind, id, 0 AS size FROM conversations
      WHERE user_id = $userId AND revision > $after
    UNION ALL SELECT revision, 'message', id, length(content) FROM messages
      WHERE user_id = $userId AND revision > $after
    UNION ALL SELECT revision, 'deleted', conversation_id, 0 FROM tombstones
      WHERE user_id = $userId AND revision > $after
    ORDER BY revision LIMIT $limit`);
  const selectNewest = db.prepare(`
    SELECT max(
      coalesce((SELECT max(revision) FROM conversations WHERE user_id = $userId), 0),
      coalesce((SELECT max(revision) FROM messages WHERE user_id = $userId), 0),
      coalesce((SELECT max(revision) FROM tombstones WHERE user_id = $userId), 0)
    ) AS revision`);

  const changeOf = (userId: string, { kind, id }: Ref): Change | undefined => {
    if (kind === "deleted") return { kind, of: "conversation", id };
    if (kind === "conversation") {
      const conversation = readConversation(userId, id);
      return conversation && { kind, conversation };
    }
    const message = readMessage(userId, id);
    return message && { kind, message };
  };

  return {
    changes(userId: string, query: { after?: string; limit: number }): Changes {
      const after = query.after === undefined ? 0 : cursors.toRevision(query.after);
      const refs = selectRefs.all({ userId, after, limit: query.limit + 1 }).map((row) => refRow.parse(row));
      const page = takePage(refs, query.limit, (ref) => ref.size);
      const changes = page.rows.map((ref) => changeOf(userId, ref)).filter((change) => change !== undefined);
      return { changes, cursor: cursors.ofRevision(page.rows.at(-1)?.revision ?? after), more: page.more };
    },

    newest(userId: string): string | undefined {
      const { revision } = newestRow.parse(selectNewest.get({ userId }));
      return revision === 0 ? undefined : cursors.ofRevision(revision);
    },
  };
}

const refRow = z.object({
  revision: z.number(),
  kind: z.enum(["conversation", "message", "deleted"]),
  id: z.string(),
  size: z.number(),
});
type Ref = z.infer<typeof refRow>;

const newestRow = z.object({ revision: z.number() });
