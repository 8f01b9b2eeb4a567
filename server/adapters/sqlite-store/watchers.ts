export type Watchers = {
  watch(userId: string, onChange: (cursor: string) => void): () => void;
  tell(userId: string, cursor: string): void;
};

/** Who wants to know of a user's commits. What a watcher throws goes to `onError` and stops nobody else. */
export function createWatchers(onError: (error: unknown) => void): Watchers {
  const byUser = new Map<string, Set<Watcher>>();

  return {
    watch(userId, onChange) {
      // An object of its own, so that the same function watching twice is ended one at a time.
      const watcher: Watcher = { onChange };
      const watchers = byUser.get(userId) ?? new Set();
      byUser.set(userId, watchers.add(watcher));
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && byUser.get(userId) === watchers) byUser.delete(userId);
      };
    },

    tell(userId, cursor) {
      const watchers = byUser.get(userId);
      for (const watcher of [...(watchers ?? [])]) {
        if (!watchers?.has(watcher)) continue;
        try {
          watcher.onChange(cursor);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}

type Watcher = { onChange: (cursor: string) => void };
