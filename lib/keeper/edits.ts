import { v7 as uuidv7 } from "uuid";
import type { ApiClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { Cache } from "../cache/cache.ts";
import type { Edit } from "../cache/rows.ts";
import type { Loss } from "../messaging/keeper-state.ts";
import { isOfPerson } from "../messaging/person-patch.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Conversation } from "../protocol/messages.ts";
import type { PersonSettings } from "../protocol/responses.ts";
import { createLanes, type LaneEnd } from "./lanes.ts";
import type { Shown } from "./shown.ts";
import type { Sync } from "./sync.ts";
import { verdictOf } from "./verdict.ts";

export type EditsOptions = {
  api: Pick<ApiClient, "patchConversation" | "deleteConversation" | "patchSettings">;
  cache: Pick<Cache, "keepEdit" | "settleEdit" | "settleDeletion" | "lose" | "keepLoss">;
  shown: Shown;
  sync: Pick<Sync, "steps" | "isPulling" | "pull" | "settle">;
  clock: Clock;
  signal: AbortSignal;
  /** Whether a question must reach the server before this edit. */
  isEarly(edit: Edit): boolean;
  onLosses(losses: readonly Loss[]): void;
  onFault(error: unknown): void;
};

export type Edits = ReturnType<typeof createEdits>;

/**
 * Changes of the person on their way to the server: stored before the reply, shown at once, sent one at a time for each
 * conversation, and repeated until the server has answered yes or no. What is sent last wins; no times are compared.
 */
export function createEdits(options: EditsOptions) {
  const { api, cache, shown, sync, signal, onFault } = options;
  const lanes = createLanes({ ...options, next });

  /** Takes an edit for good. */
  async function keep(edit: Edit): Promise<void> {
    const before = shown.waiting(edit.key);
    const merged = shown.add(edit);
    try {
      await cache.keepEdit(merged);
    } catch (error) {
      if (shown.waiting(edit.key) === merged) shown.put(edit.key, before);
      throw error;
    }
    shown.show(edit.key);
    lanes.go(edit.key);
  }

  function next(key: string): (() => Promise<LaneEnd>) | undefined {
    const edit = shown.waiting(key);
    return edit && !options.isEarly(edit) ? () => send(edit) : undefined;
  }

  async function send(edit: Edit): Promise<LaneEnd> {
    const { steps } = sync;
    try {
      const answer = await post(edit);
      const isNewest = !sync.isPulling && (sync.steps === steps || edit.kind === "delete");
      await take(edit, answer, isNewest).catch(onFault);
      return "done";
    } catch (error) {
      return signal.aborted ? "done" : settle(edit, error);
    }
  }

  async function post(edit: Edit): Promise<Answer> {
    switch (edit.kind) {
      case "patch":
        return { row: await api.patchConversation(edit.key, edit.patch, signal) };
      case "settings":
        return { settings: await api.patchSettings(edit.patch, signal) };
      case "delete":
        await api.deleteConversation(edit.key, signal).catch(unlessGone);
        return {};
    }
  }

  async function take(edit: Edit, answer: Answer, isNewest: boolean): Promise<void> {
    const { key } = edit;
    const rest = shown.settle(edit);
    if (isNewest) shown.become(edit, answer);
    else shown.hold(edit);
    if (edit.kind === "delete") await cache.settleDeletion(key);
    else await cache.settleEdit({ key, rest, ...(isNewest && answer) });
    void sync.settle();
  }

  /** The server did not take it. */
  async function settle(edit: Edit, error: unknown): Promise<LaneEnd> {
    const verdict = verdictOf(error);
    if (verdict.status !== "refused") return { retryAfterMs: verdict.retryAfterMs };
    const isGone = edit.kind === "patch" && error instanceof ApiError && error.code === "not_found";
    await (isGone ? lose(edit.key) : refuse(edit, verdict.message)).catch(onFault);
    // Brings the tombstone.
    if (isGone) void sync.pull();
    return "done";
  }

  /** The conversation, of that title, is not there any more: what waits for it is told to the person. */
  async function lose(id: string, title?: string): Promise<void> {
    // First here: what is changed from now on is kept behind what the cache does.
    shown.put(id, undefined);
    options.onLosses(await cache.lose(id, title));
  }

  async function refuse(edit: Edit, reason: string): Promise<void> {
    const rest = shown.settle(edit);
    shown.show(edit.key);
    await cache.settleEdit({ key: edit.key, rest });
    if (edit.kind === "patch" && !isOfPerson(edit.patch)) return;
    const title = shown.server(edit.key)?.title ?? "";
    const loss: Loss = { id: uuidv7(), title, what: edit.kind === "settings" ? "settings" : "edit", reason };
    await cache.keepLoss(loss);
    options.onLosses([loss]);
  }

  /** The conversation will never begin: what waited for its first question means nothing. */
  async function forgetUnborn(id: string): Promise<void> {
    const edit = shown.waiting(id);
    if (edit?.kind !== "patch" || shown.server(id) || options.isEarly(edit)) return;
    shown.put(id, undefined);
    await cache.settleEdit({ key: id });
  }

  return {
    keep,
    lose,
    forgetUnborn,
    /** Sends what waits for this conversation. */
    send: lanes.go,
    sendAll: () => lanes.goAll(shown.keys()),
  };
}

type Answer = { row?: Conversation; settings?: PersonSettings };

/** Deleted on another device, or never sent: gone is what was asked for. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError) || error.code !== "not_found") throw error;
}
