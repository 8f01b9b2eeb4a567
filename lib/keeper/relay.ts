import type { Clock } from "../api/clock.ts";
import type { ToPanel } from "../messaging/catalogue.ts";
import type { KeeperChange } from "../messaging/keeper-state.ts";
import type { Message } from "../protocol/messages.ts";
import type { KeeperStore } from "./keeper-store.ts";

/** A panel that is open now. */
export type Panel = {
  readonly windowId: number;
  /** The conversation that it shows; null for a new one. */
  opened: string | null;
  /** Its Port has closed. */
  isGone: boolean;
  send(message: ToPanel): void;
};

export type Relay = ReturnType<typeof createRelay>;

/** Tells any number of panels what the store is told: a snapshot first, then all changes of 16 ms in one message. */
export function createRelay({ clock, store }: { clock: Clock; store: KeeperStore }) {
  const panels = new Set<Panel>();
  let batch: KeeperChange[] = [];
  let cancel: (() => void) | undefined;

  store.watch((state, _, change) => {
    if (panels.size === 0) return;
    if (change) return add(change);
    batch = [];
    for (const panel of panels) panel.send({ type: "snapshot", state });
  });

  function add(change: KeeperChange): void {
    batch = withChange(batch, change);
    cancel ??= clock.after(BATCH_MS, flush);
  }

  function flush(): void {
    cancel?.();
    cancel = undefined;
    if (batch.length === 0) return;
    const changes = batch;
    batch = [];
    for (const panel of panels) panel.send({ type: "batch", changes });
  }

  return {
    attach(panel: Panel): void {
      // What is in the batch is in the snapshot too, and must not come to this panel again.
      flush();
      panels.add(panel);
      panel.send({ type: "snapshot", state: store.state });
    },
    detach(panel: Panel): void {
      panel.isGone = true;
      panels.delete(panel);
    },

    /** Rows for the panels that show this conversation, behind all changes so far. */
    sendMessages(conversationId: string, messages: Message[]): void {
      if (messages.length === 0) return;
      flush();
      for (const panel of panels) {
        if (panel.opened === conversationId) panel.send({ type: "messages", conversationId, messages });
      }
    },

    /** Whether the person sees this conversation. */
    isOpen: (conversationId: string) => [...panels].some((panel) => panel.opened === conversationId),
    has: (panel: Panel) => panels.has(panel),
    isEmpty: () => panels.size === 0,
    inWindow: (windowId: number) => [...panels].filter((panel) => panel.windowId === windowId),
  };
}

/** Consecutive events of one turn become one change. */
function withChange(batch: KeeperChange[], change: KeeperChange): KeeperChange[] {
  const last = batch.at(-1);
  if (last?.type !== "turn-events" || change.type !== "turn-events" || last.turnId !== change.turnId) {
    batch.push(change);
    return batch;
  }
  batch[batch.length - 1] = { ...last, events: [...last.events, ...change.events] };
  return batch;
}

const BATCH_MS = 16;
