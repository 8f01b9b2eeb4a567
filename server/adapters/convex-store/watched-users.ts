/** Who wants to know of a user's commits, in the order of commits and each commit at most once. */
export type WatchedUsers = {
  watch(userId: string, onChange: (cursor: string) => void): () => void;
  has(userId: string): boolean;
  /** A commit that is known here, by an own write or from a reader's page. Watchers that began before hear of it. */
  tell(userId: string, commit: bigint): void;
  /** A commit that a reader is being told of right now: who begins to watch later needs no call for it. */
  note(userId: string, commit: bigint): void;
};

export type WatchedUsersDeps = {
  /** Follows a user's newest commit, also those of other processes, until the function that it returns is called. */
  follow(userId: string, onNewest: (commit: bigint) => void): () => void;
  cursorOf(commit: bigint): string;
  /** Told what a watcher threw; the other watchers are called all the same. */
  onError(error: unknown): void;
};

export function createWatchedUsers({ follow, cursorOf, onError }: WatchedUsersDeps): WatchedUsers {
  const byUser = new Map<string, WatchedUser>();
  const known = new Map<string, bigint>();

  const note = (userId: string, commit: bigint) => {
    if (commit <= (known.get(userId) ?? 0n)) return;
    // Forgetting costs one call too many at the next watch, no more.
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(userId, commit);
  };

  const tell = (userId: string, commit: bigint) => {
    note(userId, commit);
    const user = byUser.get(userId);
    if (user === undefined || commit <= user.told) return;
    user.told = commit;
    const cursor = cursorOf(commit);
    for (const watcher of [...user.watchers]) {
      if (!user.watchers.has(watcher)) continue;
      try {
        watcher.onChange(cursor);
      } catch (error) {
        onError(error);
      }
    }
  };

  const begin = (userId: string): WatchedUser => {
    const user: WatchedUser = { watchers: new Set(), told: known.get(userId) ?? 0n, unfollow: () => undefined };
    byUser.set(userId, user);
    user.unfollow = follow(userId, (commit) => tell(userId, commit));
    return user;
  };

  return {
    watch(userId, onChange) {
      // An object of its own, so that the same function watching twice is ended one at a time.
      const watcher: Watcher = { onChange };
      const user = byUser.get(userId) ?? begin(userId);
      user.watchers.add(watcher);
      return () => {
        user.watchers.delete(watcher);
        if (user.watchers.size > 0 || byUser.get(userId) !== user) return;
        byUser.delete(userId);
        user.unfollow();
      };
    },
    has: (userId) => byUser.has(userId),
    tell,
    note,
  };
}

const MOST_KNOWN = 10_000;

type Watcher = { onChange: (cursor: string) => void };
type WatchedUser = {
  watchers: Set<Watcher>;
  /** The newest commit that the watchers heard of, or that was known when the first of them came. */
  told: bigint;
  unfollow: () => void;
};
