import type { Clock } from "../api/clock.ts";
import { isBusy } from "./derived.ts";
import type { KeeperStore } from "./keeper-store.ts";

export type KeepAliveOptions = {
  store: KeeperStore;
  clock: Clock;
  /** Any call of an extension API: it is what tells the browser that the worker is in use (a streaming fetch does not). */
  touch(): Promise<unknown>;
  /** A periodic alarm that wakes a worker that died all the same. */
  alarm: { start(): void; stop(): void };
  onFault(error: unknown): void;
};

/**
 * Keeps the worker alive while a turn runs, or a question or an edit waits. The alarm outlives the worker; a new worker stops it
 * only when the feed has had the time to tell that nothing runs any more.
 */
export function keepAlive({ store, clock, touch, alarm, onFault }: KeepAliveOptions): void {
  let cancelTouch: (() => void) | undefined;
  let cancelStop: (() => void) | undefined;

  store.watch((state, before) => {
    const isSame = state.turns === before.turns && state.pending === before.pending;
    if (isSame && state.connection === before.connection && state.unsentEdits === before.unsentEdits) return;
    if (isBusy(state)) work();
    else rest(KNOWING.includes(state.connection.status));
  });

  function work(): void {
    cancelStop?.();
    cancelStop = undefined;
    if (cancelTouch) return;
    alarm.start();
    next();
  }

  function next(): void {
    cancelTouch = clock.after(TOUCH_MS, () => {
      touch().catch(onFault);
      next();
    });
  }

  function rest(isSure: boolean): void {
    cancelTouch?.();
    cancelTouch = undefined;
    if (!isSure) {
      cancelStop?.();
      cancelStop = undefined;
      return;
    }
    cancelStop ??= clock.after(GRACE_MS, () => {
      cancelStop = undefined;
      alarm.stop();
    });
  }
}

/** The connections in which an empty list of turns means that nothing runs, or that nobody will tell. */
const KNOWING: string[] = ["online", "unpaired", "signed-out", "unauthorized"];

/** Chromium and Firefox stop an idle worker after 30 s. */
const TOUCH_MS = 20_000;
const GRACE_MS = 5_000;
