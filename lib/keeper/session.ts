import type { ApiClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { FeedOptions, FeedStatus, followFeed } from "../api/feed.ts";
import type { ApiAccess } from "../api/request-json.ts";
import type { Cache } from "../cache/cache.ts";
import type { Applied } from "../cache/history.ts";
import type { AccountState, KeeperState, PendingQuestion } from "../messaging/keeper-state.ts";
import { ApiError } from "../protocol/errors.ts";
import { isTerminal, type TurnEvent, type UnknownEvent } from "../protocol/events.ts";
import type { StartedTurn } from "../protocol/responses.ts";
import { awaitTurns } from "./await-turns.ts";
import type { KeeperStore } from "./keeper-store.ts";
import type { Notice } from "./notice.ts";
import { noticeOf } from "./notice.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { Relay } from "./relay.ts";
import { rowsOfTaken } from "./rows-of-taken.ts";
import { createSync, type Sync } from "./sync.ts";

export type SessionOptions = {
  access: ApiAccess;
  account: AccountState;
  followFeed: typeof followFeed;
  api: ApiClient;
  /** Opens the account's cache; it calls back when it had to be emptied. */
  openCache(onEmptied: () => void): Cache;
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
  /** Connects now. */
  reconnect(): void;
};

/** Shows what the cache holds, then follows the server. Resolves when there is something to show. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const { access, api, store, relay, clock, signal, notify, onFault } = options;
  /** Turns that are history: what the feed still brings of them has been read already. */
  const saved = new Set<string>();
  const cache = options.openCache(onEmptied);
  const sync = createSync({ api, cache, clock, signal, isSeen: relay.isOpen, onApplied, onForgotten, onFault });
  const outbox = createOutbox({ api, cache, store, clock, signal, onTaken, onFault });
  let connection = new AbortController();
  let isStarted = false;

  signal.addEventListener("abort", cache.close);
  const kept = await cache.load();
  signal.throwIfAborted();
  store.replace(stateOf(kept, options.account));
  sync.resume(kept.cursor);
  isStarted = true;
  connect();
  await awaitTurns(kept.running, { store, clock, isSaved: (turnId) => saved.has(turnId) });
  signal.throwIfAborted();
  return { api, cache, sync, outbox, reconnect };

  function reconnect(): void {
    connection.abort();
    connection = new AbortController();
    connect();
  }

  function connect(): void {
    const feed: FeedOptions = { ...access, clock, position, onTurn, onChange: () => void sync.pull(), onStatus };
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
      void sync.pull();
      outbox.sendAll();
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
    if (saved.has(turnId) || (seq !== 1 && !(turnId in store.state.turns))) return;
    store.apply({ type: "turn-events", turnId, conversationId, events: [{ seq, event }] });
    if (isTerminal(event)) void onEnd(turnId, conversationId).catch(onFault);
  }

  async function onEnd(turnId: string, conversationId: string): Promise<void> {
    outbox.send(conversationId);
    // The feed tells of the save before the end, so the row may be here already.
    if (await cache.isSaved(turnId)) close(turnId);
  }

  function onApplied(applied: Applied): void {
    for (const conversation of applied.conversations) store.apply({ type: "conversation", conversation });
    for (const id of applied.deleted) onDeleted(id);
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
    void outbox.forget(id).catch(onFault);
    store.apply({ type: "conversation-deleted", id });
  }

  function onForgotten(): void {
    store.replace({ ...store.state, conversations: {}, turns: {} });
    reconnect();
  }

  /** The cache was broken and is a new one. What only it and we had goes in again, the rest comes from the server. */
  function onEmptied(): void {
    sync.startOver();
    if (!isStarted) return;
    for (const question of Object.values(store.state.pending)) void cache.keepPending(question).catch(onFault);
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
function stateOf({ conversations, pending }: Awaited<ReturnType<Cache["load"]>>, account: AccountState): KeeperState {
  const waiting = pending.map((question): PendingQuestion => {
    return question.status === "refused" ? question : { ...question, status: "waiting" };
  });
  return {
    connection: { status: "connecting" },
    account,
    conversations: Object.fromEntries(conversations.map((conversation) => [conversation.id, conversation])),
    settings: {},
    losses: {},
    turns: {},
    pending: Object.fromEntries(waiting.map((question) => [question.turn.turnId, question])),
  };
}
