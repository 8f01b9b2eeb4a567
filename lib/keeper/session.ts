import type { ApiClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { FeedOptions, FeedStatus, followFeed } from "../api/feed.ts";
import type { ApiAccess } from "../api/request-json.ts";
import type { Cache } from "../cache/cache.ts";
import type { Applied } from "../cache/history.ts";
import type { Edit } from "../cache/rows.ts";
import type { AccountState, KeeperState, Loss, PendingQuestion } from "../messaging/keeper-state.ts";
import { ApiError } from "../protocol/errors.ts";
import { isTerminal, type TurnEvent, type UnknownEvent } from "../protocol/events.ts";
import type { StartedTurn } from "../protocol/responses.ts";
import type { SettingsStore } from "../settings.ts";
import { adoptModel } from "./adopt-model.ts";
import { awaitTurns } from "./await-turns.ts";
import { createEdits, type Edits } from "./edits.ts";
import { keepAnswers } from "./keep-answers.ts";
import type { KeeperStore } from "./keeper-store.ts";
import type { Notice } from "./notice.ts";
import { noticeOf } from "./notice.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createReadMarks, type ReadMarks } from "./read-marks.ts";
import type { Relay } from "./relay.ts";
import { rowsOfTaken } from "./rows-of-taken.ts";
import { createShown, type Shown } from "./shown.ts";
import { createSync, type Sync } from "./sync.ts";

export type SessionOptions = {
  access: ApiAccess;
  account: AccountState;
  followFeed: typeof followFeed;
  api: ApiClient;
  /** Opens the account's cache; it calls back when it had to be emptied. */
  openCache(onEmptied: () => void): Cache;
  /** Where this device kept what belongs to the person now. */
  settings: Pick<SettingsStore, "read" | "save">;
  store: KeeperStore;
  relay: Relay;
  clock: Clock;
  signal: AbortSignal;
  notify(notice: Notice): void;
  isUnreachable(error: unknown): boolean;
  /** Who could not be reached, by the failure of a connection. */
  causeOf(error: unknown): "server" | "sign-in";
  /** The server refused the token of the feed, which is not tried again before `reconnect`. */
  onRefused(reconnect: () => void): void;
  onFault(error: unknown): void;
};

/** One account on one server, from the moment its cache is read until `signal` aborts. */
export type Session = {
  api: ApiClient;
  cache: Cache;
  sync: Sync;
  outbox: Outbox;
  shown: Shown;
  edits: Edits;
  readMarks: ReadMarks;
  /** Connects now. */
  reconnect(): void;
};

/** Shows what the cache holds, then follows the server. Resolves when there is something to show. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const { access, api, store, relay, clock, signal, notify, onFault } = options;
  /** Turns that are history: what the feed still brings of them has been read already. */
  const saved = new Set<string>();
  const cache = options.openCache(onEmptied);
  const shown = createShown({ store, isSeen: relay.isOpen });
  const { mark, isHolding: isOpen } = shown;
  const sync = createSync({ api, cache, clock, signal, mark, isOpen, onApplied, onForgotten, onFault });
  const outbox = createOutbox({ api, cache, store, clock, signal, onTaken, onAnswer, onFault });
  const edits = createEdits({ api, cache, shown, sync, clock, signal, isEarly, onLosses, onFault });
  const readMarks = createReadMarks({ cache, edits, shown, isSeen: relay.isOpen });
  let connection = new AbortController();
  let isStarted = false;

  keepAnswers({ store, cache, clock, signal, onFault });
  signal.addEventListener("abort", cache.close);
  const kept = await cache.load();
  signal.throwIfAborted();
  shown.load(kept);
  store.replace({ ...stateOf(kept, options.account), ...shown.state() });
  sync.resume(kept.cursor);
  isStarted = true;
  connect();
  await awaitTurns(kept.running, { store, clock, isSaved: (turnId) => saved.has(turnId) });
  signal.throwIfAborted();
  return { api, cache, sync, outbox, shown, edits, readMarks, reconnect };

  function reconnect(): void {
    connection.abort();
    connection = new AbortController();
    connect();
  }

  function connect(): void {
    const feed: FeedOptions = { ...access, clock, position, onTurn, onChange: sync.notice, onStatus };
    void options.followFeed(feed, AbortSignal.any([signal, connection.signal])).then((end) => {
      if (end === "unauthorized") options.onRefused(reconnect);
    }, onFault);
  }

  function position() {
    const turns = Object.values(store.state.turns).map(({ turnId, state }) => [turnId, state.lastSeq] as const);
    return { after: sync.cursor, turns: new Map(turns) };
  }

  function onStatus(status: FeedStatus): void {
    if (status.status === "online") {
      store.apply({ type: "connection", connection: status });
      void sync.pull().then(adopt).catch(onFault);
      outbox.sendAll();
      edits.sendAll();
      void api.models(signal).then((models) => store.apply({ type: "models", models }), ignoreAbort);
      return;
    }
    store.apply({
      type: "connection",
      connection: { status: "reconnecting", retryAt: status.retryAt, cause: options.causeOf(status.error) },
    });
    if (!options.isUnreachable(status.error)) onFault(status.error);
    // It may be our cursor that the feed refuses: the pull finds out.
    if (status.error instanceof ApiError && status.error.code === "bad_request") void sync.pull();
  }

  function onTurn(step: {
    turnId: string;
    conversationId: string;
    seq: number;
    event: TurnEvent | UnknownEvent;
  }): void {
    const { turnId, conversationId, seq, event } = step;
    // A turn that is not held begins at 1; all else is the rest of one that was deleted here.
    if (saved.has(turnId) || shown.isDeleted(conversationId) || (seq !== 1 && !(turnId in store.state.turns))) return;
    store.apply({ type: "turn-events", turnId, conversationId, events: [{ seq, event }] });
    if (!isTerminal(event)) return;
    readMarks.end(conversationId, turnId);
    void onEnd(turnId, conversationId).catch(onFault);
  }

  async function onEnd(turnId: string, conversationId: string): Promise<void> {
    outbox.send(conversationId);
    // The feed tells of the save before the end, so the row may be here already.
    if (await cache.isSaved(turnId)) close(turnId);
  }

  function onApplied(applied: Applied, upTo: number | undefined): void {
    for (const id of applied.deleted) rescue(id);
    shown.apply(applied, upTo);
    onLosses(applied.losses);
    for (const id of applied.deleted) onDeleted(id);
    void readMarks.afterPage(applied).catch(onFault);
    for (const [id, messages] of Map.groupBy(applied.messages, (message) => message.conversationId)) {
      relay.sendMessages(id, messages);
    }
    for (const { role, status, turnId, conversationId } of applied.messages) {
      if (role !== "assistant" || status === "streaming") continue;
      close(turnId);
      outbox.send(conversationId);
    }
    if (!relay.isEmpty()) return;
    for (const { message, ran } of applied.ended) {
      if (ran) notify(noticeOf(message, store.state.conversations[message.conversationId]?.title));
    }
  }

  /** The saved answer is in the cache and with the panels. */
  function close(turnId: string): void {
    saved.add(turnId);
    if (turnId in store.state.turns) store.apply({ type: "turn-saved", turnId });
  }

  function onDeleted(id: string): void {
    for (const turn of Object.values(store.state.turns)) if (turn.conversationId === id) saved.add(turn.turnId);
    store.apply({ type: "conversation-deleted", id });
  }

  /** What was changed or asked in a deleted conversation while the cache wrote that it is deleted is lost too. */
  function rescue(id: string): void {
    const { pending, conversations } = store.state;
    const isAsked = Object.values(pending).some(({ turn }) => turn.conversationId === id);
    if (isAsked || shown.waiting(id)) void edits.lose(id, conversations[id]?.title).catch(onFault);
  }

  function onLosses(losses: readonly Loss[]): void {
    for (const loss of losses) {
      store.apply({ type: "loss", loss });
      if (loss.id in store.state.pending) store.apply({ type: "pending-done", turnId: loss.id });
    }
  }

  /** Of a conversation whose first question is on its way the server knows nothing yet. */
  function isEarly(edit: Edit): boolean {
    if (edit.kind === "delete") return outbox.isSending(edit.key);
    const isUnborn = edit.kind === "patch" && !shown.server(edit.key);
    return isUnborn && Object.values(store.state.pending).some(({ turn }) => turn.conversationId === edit.key);
  }

  function onAnswer(conversationId: string, isGone: boolean): void {
    edits.send(conversationId);
    if (isGone) void settleGone(conversationId).catch(onFault);
  }

  /** The tombstone makes a loss of the question, with its words; one that was asked after the tombstone came is lost too. */
  async function settleGone(conversationId: string): Promise<void> {
    await sync.pull();
    if (signal.aborted || !sync.caughtUp || shown.server(conversationId)) return;
    await edits.lose(conversationId);
    for (const { turn } of Object.values(store.state.pending)) {
      if (turn.turnId in store.state.losses) store.apply({ type: "pending-done", turnId: turn.turnId });
    }
  }

  async function adopt(): Promise<void> {
    const { settings } = options;
    if (sync.caughtUp) await adoptModel({ settings, edits, chosen: () => store.state.settings.model });
  }

  function onForgotten(): void {
    shown.clear();
    store.replace({ ...store.state, turns: {}, ...shown.state() });
    reconnect();
  }

  /** The cache was broken and is a new one. What only it and we had goes in again, the rest comes from the server. */
  function onEmptied(): void {
    sync.startOver();
    if (!isStarted) return;
    for (const question of Object.values(store.state.pending)) void cache.keepPending(question).catch(onFault);
    for (const loss of Object.values(store.state.losses)) void cache.keepLoss(loss).catch(onFault);
    for (const edit of shown.edits()) void cache.keepEdit(edit).catch(onFault);
    void sync.pull();
  }

  async function onTaken(question: PendingQuestion, started: StartedTurn): Promise<void> {
    const missing = await cache.addMissing(rowsOfTaken(question, started));
    relay.sendMessages(started.conversationId, missing);
    void sync.pull();
  }

  /** The list of models is asked for again with the next connection. */
  function ignoreAbort(error: unknown): void {
    if (!signal.aborted) onFault(error);
  }
}

/** The questions of a worker that died wait until the feed is there. */
function stateOf({ losses, pending }: Awaited<ReturnType<Cache["load"]>>, account: AccountState): KeeperState {
  const waiting = pending.map((question): PendingQuestion => {
    return question.status === "refused" ? question : { ...question, status: "waiting" };
  });
  return {
    connection: { status: "connecting" },
    account,
    conversations: {},
    settings: {},
    losses: Object.fromEntries(losses.map((loss) => [loss.id, loss])),
    turns: {},
    pending: Object.fromEntries(waiting.map((question) => [question.turn.turnId, question])),
  };
}
