import { internal } from "../../../convex/_generated/api.js";
import { CallFailure } from "./call-failure.ts";
import { type DeploymentAddress, type LiveQueries, openLiveQueries } from "./deployment.ts";

export type FollowNewest = {
  /** Calls back with the user's newest commit, as it is now and after each commit, until the returned function is called. */
  follow(userId: string, onNewest: (commit: bigint) => void): () => void;
  close(): Promise<void>;
};

/** Follows newest commits over one connection, which is opened when there is someone to follow. */
export function followNewest(address: DeploymentAddress, onError: (error: unknown) => void): FollowNewest {
  let live: LiveQueries | undefined;
  let isClosed = false;

  return {
    follow(userId, onNewest) {
      if (isClosed) return () => undefined;
      live ??= openLiveQueries(address);
      return live.follow(
        internal.changes.newest,
        { userId },
        { result: onNewest, error: (error) => onError(new CallFailure(error, address.deployKey)) },
      );
    },
    async close() {
      isClosed = true;
      await live?.close();
      live = undefined;
    },
  };
}
