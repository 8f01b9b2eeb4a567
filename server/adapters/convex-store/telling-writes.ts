import * as z from "zod";
import type { WatchedUsers } from "./watched-users.ts";

/** Writes whose commits are told to this process's watchers before they resolve. */
export type TellingWrites = {
  run<Result>(
    userId: string,
    write: () => Promise<{ result: Result; repeated: boolean }>,
    /** Where a result has its commit; null when the write changed nothing. */
    commitOf: (result: Result) => unknown,
  ): Promise<Result>;
};

/** `newest` reads a user's newest commit; `onError` hears when that failed after a write that succeeded. */
export function tellingWrites(
  watched: WatchedUsers,
  deps: { newest: (userId: string) => Promise<bigint>; onError: (error: unknown) => void },
): TellingWrites {
  /** Users of whom a write may have been committed although its answer was lost. */
  const unsure = new Set<string>();

  const tellNewest = async (userId: string) => {
    if (!watched.has(userId)) return;
    try {
      watched.tell(userId, await deps.newest(userId));
    } catch (error) {
      deps.onError(error);
    }
  };

  return {
    async run(userId, write, commitOf) {
      const { result, repeated } = await write().catch((error: unknown) => {
        unsure.add(userId);
        throw error;
      });
      const commit = resolvedCommit.parse(commitOf(result));
      if (commit !== null) watched.tell(userId, commit);
      else if (repeated || unsure.has(userId)) await tellNewest(userId);
      unsure.delete(userId);
      return result;
    },
  };
}

/** By its type a mutation returns a placeholder; what arrives is the time of the commit. */
const resolvedCommit = z.bigint().nullable();
