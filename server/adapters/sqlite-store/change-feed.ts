import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { Change, Changes, PersonSettings } from "../../../lib/protocol/responses.ts";
import type { Cursors } from "./cursors.ts";
import { takePage } from "./take-page.ts";

type FeedDeps = {
  cursors: Cursors;
  readConversation(userId: string, id: string): Conversation | undefined;
  readMessage(userId: string, id: string): Message | undefined;
  readSettings(userId: string): PersonSettings;
};

/**
 * The rows of a user in the order of their revisions; within a commit a conversation comes before its messages, and they
 * as they came. A row that changes between two pages leaves its place and comes again at the end, so nothing is lost and
 * the newest form is the last one seen.
 */
export function changeFeed(db: DatabaseSync, deps: FeedDeps) {
  const { cursors, readConversation, readMessage, readSettings } = deps;
  const selectRefs = db.prepare(`
    SELECT revision, 0 AS position, 'conversation' AS kind, id, 0 AS size FROM conversations
      WHERE user_id = $userId AND revision > $after
    UNION ALL SELECT revision, position, 'message', id, length(content) FROM messages
      WHERE user_id = $userId AND revision > $after
    UNION ALL SELECT revision, 0, 'deleted', conversation_id, 0 FROM tombstones
      WHERE user_id = $userId AND revision > $after
    UNION ALL SELECT revision, 0, 'settings', '', 0 FROM settings
      WHERE user_id = $userId AND revision > $after
    ORDER BY revision, position`);
  const selectNewest = db.prepare(`
    SELECT max(
      coalesce((SELECT max(revision) FROM conversations WHERE user_id = $userId), 0),
      coalesce((SELECT max(revision) FROM messages WHERE user_id = $userId), 0),
      coalesce((SELECT max(revision) FROM tombstones WHERE user_id = $userId), 0),
      coalesce((SELECT revision FROM settings WHERE user_id = $userId), 0)
    ) AS revision`);

  const changeOf = (userId: string, { kind, id }: Ref): Change | undefined => {
    if (kind === "settings") return undefined;
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
      const page = takePage(parsed(selectRefs.iterate({ userId, after })), query.limit, {
        size: (ref) => ref.size,
        shareCommit: (one, next) => one.revision === next.revision,
      });
      const changes = page.rows.map((ref) => changeOf(userId, ref)).filter((change) => change !== undefined);
      const cursor = cursors.ofRevision(page.rows.at(-1)?.revision ?? after);
      const hasSettings = page.rows.some((ref) => ref.kind === "settings");
      return { changes, ...(hasSettings && { settings: readSettings(userId) }), cursor, more: page.more };
    },

    newest(userId: string): string | undefined {
      const { revision } = newestRow.parse(selectNewest.get({ userId }));
      return revision === 0 ? undefined : cursors.ofRevision(revision);
    },
  };
}

function* parsed(rows: Iterable<unknown>): Iterable<Ref> {
  for (const row of rows) yield refRow.parse(row);
}

const refRow = z.object({
  revision: z.number(),
  kind: z.enum(["conversation", "message", "deleted", "settings"]),
  id: z.string(),
  size: z.number(),
});
type Ref = z.infer<typeof refRow>;

const newestRow = z.object({ revision: z.number() });
