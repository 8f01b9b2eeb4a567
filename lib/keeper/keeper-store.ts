import { applyChange, EMPTY_KEEPER, type KeeperChange, type KeeperState } from "../messaging/keeper-state.ts";

/** `change` is undefined when the whole state was replaced. */
type Watcher = (state: KeeperState, before: KeeperState, change: KeeperChange | undefined) => void;

export type KeeperStore = ReturnType<typeof createKeeperStore>;

/** The keeper's state. Everything that happens is a change that is folded here and told to the watchers in order. */
export function createKeeperStore() {
  const watchers = new Set<Watcher>();
  let state = EMPTY_KEEPER;

  function become(next: KeeperState, change: KeeperChange | undefined): void {
    const before = state;
    state = next;
    for (const watcher of watchers) watcher(state, before, change);
  }

  return {
    get state(): KeeperState {
      return state;
    },
    apply: (change: KeeperChange) => become(applyChange(state, change), change),
    replace: (next: KeeperState) => become(next, undefined),
    /** Returns the end of it. */
    watch(watcher: Watcher): () => void {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
