import type { Store } from "../../ports/store.ts";
import { allowedTools } from "./allowed-tools.ts";
import { changeFeed } from "./change-feed.ts";
import { createCommits } from "./commits.ts";
import { conversations } from "./conversations.ts";
import { createCursors } from "./cursors.ts";
import { asApiError } from "./failures.ts";
import { messages } from "./messages.ts";
import { openDatabase } from "./open-database.ts";
import { readiness } from "./readiness.ts";
import { search } from "./search.ts";
import { searchIndex } from "./search-index.ts";
import { settings } from "./settings.ts";
import { turnRows } from "./turn-rows.ts";
import { createWatchers } from "./watchers.ts";

export type SqliteStoreOptions = {
  /** The database file; made with mode 0600 when it does not exist. */
  path: string;
  /** The time that a finished answer sets as its conversation's last activity. */
  now?: () => Date;
  /** How many milliseconds a lock of another process (a backup) is waited for; the whole server stands still meanwhile. */
  busyMs?: number;
  /** Told what a watcher threw; the other watchers are called all the same. */
  onWatcherError?: (error: unknown) => void;
};

/**
 * History in one SQLite file of one server process: `watch` does not see the commits of other processes.
 * Throws a plain Error that says what to do when the file is damaged, another program's or a newer version's.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { path, now = () => new Date(), busyMs = 2_000, onWatcherError = warn } = options;
  const db = openDatabase(path, busyMs);
  const cursors = createCursors(db);
  const watchers = createWatchers(onWatcherError);
  const commits = createCommits(db, (userId, revision) => watchers.tell(userId, cursors.ofRevision(revision)));
  const index = searchIndex(db);

  const turn = turnRows(db, { commits, index, now });
  const conversation = conversations(db, { commits, index });
  const message = messages(db);
  const person = settings(db, commits);
  const feed = changeFeed(db, {
    cursors,
    readConversation: conversation.byId,
    readMessage: message.byId,
    readSettings: person.read,
  });
  const find = search(db, { readConversation: conversation.byId, readMessage: message.byId });
  const tools = allowedTools(db, commits);
  const ready = readiness(db, now);

  return {
    checkTurn: guarded(turn.check),
    openTurn: guarded(turn.open),
    saveAnswer: guarded(turn.saveAnswer),
    path: guarded(message.path),
    listConversations: guarded(conversation.list),
    patchConversation: guarded(conversation.patch),
    deleteConversation: guarded(conversation.remove),
    listMessages: guarded(message.list),
    hasConversation: guarded(conversation.has),
    changes: guarded(feed.changes),
    cursor: guarded(feed.newest),
    watch: watchers.watch,
    search: guarded(find),
    allowedTools: guarded(tools.list),
    allowTool: guarded(tools.allow),
    settings: guarded(person.read),
    patchSettings: guarded(person.patch),
    check: guarded(ready),
    close: guarded(() => {
      if (db.isOpen) db.close();
    }),
  };
}

/** node:sqlite is synchronous: the work is done, and its commit visible, before the promise is returned. */
function guarded<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return work(...args);
    } catch (error) {
      throw asApiError(error);
    }
  };
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
