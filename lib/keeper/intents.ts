import type { Clock } from "../api/clock.ts";
import type { Intent } from "../messaging/catalogue.ts";
import type { Relay } from "./relay.ts";

/** Intents for a panel that may be opening at this moment: one waits for it, but not so long that it would surprise. */
export function createIntents({ clock, relay }: { clock: Clock; relay: Relay }) {
  const waiting = new Map<number, { intent: Intent; until: number }>();

  function intend(windowId: number, intent: Intent): void {
    waiting.set(windowId, { intent, until: clock.now() + WAIT_MS });
    deliver(windowId);
  }

  function deliver(windowId: number): void {
    const panels = relay.inWindow(windowId);
    const found = waiting.get(windowId);
    if (!found || panels.length === 0) return;
    waiting.delete(windowId);
    if (clock.now() > found.until) return;
    for (const panel of panels) panel.send({ type: "intent", intent: found.intent });
  }

  return { intend, deliver };
}

const WAIT_MS = 10_000;
