import * as z from "zod";
import { internal } from "../../../convex/_generated/api.js";
import type { LiveQueries } from "./live-queries.ts";

export type FollowNewest = {
  /** Calls back with the user's newest commit, as it is now and after each commit, until the returned function is called. */
  follow(userId: string, onNewest: (commit: bigint) => void): () => void;
  close(): Promise<void>;
};

type FollowNewestDeps = {
  /** Opens a connection for live queries; `onBroken` hears that nothing more will come over it. */
  open(onBroken: (error: unknown) => void): LiveQueries;
  onError(error: unknown): void;
  /** Milliseconds until a connection that broke is replaced: the first time, and at most when the next ones break too. */
  pauseMs?: { first: number; most: number };
};

/**
 * Follows newest commits over one connection, which is opened when it is needed, replaced when it breaks, and closed when
 * nobody has been followed for half a minute.
 */
export function followNewest({
  open,
  onError,
  pauseMs = { first: 1_000, most: 60_000 },
}: FollowNewestDeps): FollowNewest {
  const followed = new Set<Followed>();
  let live: LiveQueries | undefined;
  let timer: NodeJS.Timeout | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let pause = pauseMs.first;
  let isClosed = false;

  const attach = (each: Followed) => {
    live ??= connect();
    each.detach = live.follow(internal.changes.newest, { userId: each.userId }, (newest) => {
      pause = pauseMs.first;
      each.onNewest(z.bigint().parse(newest));
    });
  };

  const connect = (): LiveQueries => {
    const connection = open((error) => {
      // Told once of each: the queries of one connection break together.
      if (isClosed || connection !== live) return;
      live = undefined;
      connection.close().catch(onError);
      onError(error);
      timer = setTimeout(reconnect, pause).unref();
      pause = Math.min(pause * 2, pauseMs.most);
    });
    return connection;
  };

  const reconnect = () => {
    timer = undefined;
    for (const each of followed) attach(each);
  };

  const closeIdle = () => {
    const idle = live;
    live = undefined;
    idle?.close().catch(onError);
  };

  return {
    follow(userId, onNewest) {
      clearTimeout(idleTimer);
      const each: Followed = { userId, onNewest, detach: () => undefined };
      followed.add(each);
      // While a connection is being replaced, the new one takes this along.
      if (!isClosed && timer === undefined) attach(each);
      return () => {
        if (!followed.delete(each)) return;
        each.detach();
        if (followed.size === 0 && !isClosed) idleTimer = setTimeout(closeIdle, IDLE_MS).unref();
      };
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      clearTimeout(idleTimer);
      await live?.close();
    },
  };
}

/** Milliseconds: a device that connects anew finds the connection open. */
const IDLE_MS = 30_000;

type Followed = { userId: string; onNewest: (commit: bigint) => void; detach: () => void };
