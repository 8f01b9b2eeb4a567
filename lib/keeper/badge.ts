import type { KeeperState } from "../messaging/keeper-state.ts";
import { runningTurns } from "./derived.ts";
import type { KeeperStore } from "./keeper-store.ts";

/** What the icon shows. */
export type Badge = { kind: "running"; count: number } | { kind: "unread" } | { kind: "none" };

/** Shows on the icon how many turns run or, when none does, that one ended unseen. Calls `show` only when that changes. */
export function watchBadge(store: KeeperStore, show: (badge: Badge) => void): void {
  let shown = "";
  const update = (state: KeeperState) => {
    const badge = badgeOf(state);
    const key = JSON.stringify(badge);
    if (key === shown) return;
    shown = key;
    show(badge);
  };
  store.watch((state, before) => {
    const isTurnStep = state.conversations === before.conversations && state.turns !== before.turns;
    // A turn takes a step for each token; only those that begin or end one change the icon.
    if (isTurnStep && runningTurns(state).length === runningTurns(before).length) return;
    if (state.conversations !== before.conversations || isTurnStep) update(state);
  });
}

/** Pure: the badge of a state. */
export function badgeOf(state: KeeperState): Badge {
  const count = runningTurns(state).length;
  if (count > 0) return { kind: "running", count };
  const isUnread = Object.values(state.conversations).some((conversation) => conversation.unread);
  return isUnread ? { kind: "unread" } : { kind: "none" };
}
