import { internal } from "../../../convex/_generated/api.js";
import type { Store } from "../../ports/store.ts";
import { answerWriter } from "./answer-writer.ts";
import { CallFailure } from "./call-failure.ts";
import { retryingCalls } from "./calls.ts";
import { changeFeed } from "./change-feed.ts";
import { conversations } from "./conversations.ts";
import { createCursors } from "./cursors.ts";
import { openDeployment } from "./deployment.ts";
import { followNewest } from "./follow-newest.ts";
import { openLiveQueries } from "./live-queries.ts";
import { person } from "./person.ts";
import { search } from "./search.ts";
import { tellingWrites } from "./telling-writes.ts";
import { turns } from "./turns.ts";
import { createWatchedUsers } from "./watched-users.ts";

export type ConvexStoreOptions = {
  /** The address of the deployment: `https://<name>.convex.cloud`, or a self-hosted one. */
  url: string;
  deployKey: string;
  /** The time that a finished answer sets as its conversation's last activity. */
  now?: () => Date;
  /** Told what a watcher threw, and what keeps other servers' changes from being seen; everything goes on all the same. */
  onWatcherError?: (error: unknown) => void;
  timeouts?: {
    /** Milliseconds that one attempt of a call may take. */
    attemptMs: number;
    /** Milliseconds after which a call that failed is not repeated any more. */
    totalMs: number;
  };
};

/**
 * History in a Convex deployment that runs the functions of `convex/`. Any number of server processes may share it: each
 * sees the changes of the others.
 */
export function createConvexStore(options: ConvexStoreOptions): Store {
  const { url, deployKey, now = () => new Date(), onWatcherError = warn } = options;
  const { attemptMs, totalMs } = options.timeouts ?? { attemptMs: 5_000, totalMs: 8_000 };
  const closing = new AbortController();
  const signal = closing.signal;

  const deployment = openDeployment({ url, deployKey }, { attemptMs, signal });
  const calls = retryingCalls(deployment, { deployKey, totalMs, signal });
  // Whoever asks whether all is well wants to know it now.
  const quickCalls = retryingCalls(deployment, { deployKey, totalMs: Math.min(500, totalMs), signal });
  const live = followNewest({
    open: (onBroken) => openLiveQueries({ url, deployKey }, onBroken),
    onError: (error) => onWatcherError(new CallFailure(error, deployKey)),
  });
  const cursors = createCursors(url);
  const watched = createWatchedUsers({ follow: live.follow, cursorOf: cursors.ofCommit, onError: onWatcherError });
  const newest = (userId: string) => calls.query(internal.changes.newest, { userId });
  const writes = tellingWrites(watched, { newest, onError: onWatcherError });

  const turn = turns({ calls, writes });
  const conversation = conversations({ calls, writes });
  const feed = changeFeed({ calls, cursors, watched });
  const { settings, patchSettings, allowedTools, allowTool } = person({ calls, writes });

  return {
    checkTurn: turn.check,
    openTurn: turn.open,
    saveAnswer: answerWriter({ calls, writes, now }),
    path: conversation.path,
    listConversations: conversation.list,
    patchConversation: conversation.patch,
    deleteConversation: conversation.remove,
    listMessages: conversation.listMessages,
    hasConversation: conversation.has,
    changes: feed.changes,
    cursor: feed.newest,
    watch: watched.watch,
    search: search(calls),
    allowedTools,
    allowTool,
    settings,
    patchSettings,
    async check() {
      await quickCalls.mutation(internal.readiness.check, {});
    },
    async close() {
      closing.abort(new Error("the store is closed"));
      await live.close();
    },
  };
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
