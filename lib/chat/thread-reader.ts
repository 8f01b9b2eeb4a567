import type { ChatState } from "./chat-state.ts";
import { type ThreadItem, threadOf } from "./thread.ts";

/**
 * Reads the branch that is shown. An item that did not change is the object of the last reading, and so is the whole
 * list: a delta of one answer renders one row again, and one of another conversation none.
 */
export function createThreadReader(): (state: ChatState) => readonly ThreadItem[] {
  let read: Pick<ChatState, "view" | "keeper"> | undefined;
  let thread: readonly ThreadItem[] = NOTHING;

  return ({ view, keeper }) => {
    const isSame = read?.view === view && read.keeper.turns === keeper.turns && read.keeper.pending === keeper.pending;
    if (isSame) return thread;
    read = { view, keeper };
    const next = view.status === "open" ? threadOf(view, keeper) : NOTHING;
    const reused = next.map((item, index) => reuse(thread[index], item));
    if (reused.length !== thread.length || reused.some((item, index) => item !== thread[index])) thread = reused;
    return thread;
  };
}

const NOTHING: readonly ThreadItem[] = [];

function reuse(before: ThreadItem | undefined, now: ThreadItem): ThreadItem {
  if (!before || before.message !== now.message || before.pending !== now.pending) return now;
  const isSame =
    before.alternatives.length === now.alternatives.length &&
    before.alternatives.every((id, index) => id === now.alternatives[index]);
  return isSame ? before : now;
}
