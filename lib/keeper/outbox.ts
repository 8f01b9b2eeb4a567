import type { ApiClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { Cache } from "../cache/cache.ts";
import type { PendingQuestion } from "../messaging/keeper-state.ts";
import type { StartTurn } from "../protocol/requests.ts";
import type { StartedTurn } from "../protocol/responses.ts";
import { isBlocked, unsentQuestions } from "./derived.ts";
import type { KeeperStore } from "./keeper-store.ts";
import { verdictOf } from "./verdict.ts";

export type OutboxOptions = {
  api: Pick<ApiClient, "startTurn">;
  cache: Pick<Cache, "keepPending" | "dropPending">;
  store: KeeperStore;
  clock: Clock;
  signal: AbortSignal;
  /** The server has taken a question; it leaves the outbox when this resolves. */
  onTaken(question: PendingQuestion, started: StartedTurn): Promise<void>;
  onFault(error: unknown): void;
};

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Questions on their way to the server: stored before anything is sent, sent one at a time in each conversation and in
 * the order in which they were asked, repeated under the same turn id until the server has answered yes or no.
 */
export function createOutbox({ api, cache, store, clock, signal, onTaken, onFault }: OutboxOptions) {
  /** By conversation: the turn whose POST is on its way. */
  const inFlight = new Map<string, string>();
  /** By conversation: the wait for the next try. `asked`: the server named the time. */
  const waits = new Map<string, { cancel: () => void; asked: boolean }>();
  const failures = new Map<string, number>();

  async function ask(turn: StartTurn): Promise<void> {
    if (turn.turnId in store.state.pending || turn.turnId in store.state.turns) return;
    const question: PendingQuestion = { turn, status: "sending", askedAt: new Date(clock.now()).toISOString() };
    await cache.keepPending(question);
    store.apply({ type: "pending", question });
    send(turn.conversationId);
  }

  /** Takes a question back that is not on its way at this moment. */
  async function unask(turnId: string): Promise<StartTurn | undefined> {
    const question = store.state.pending[turnId];
    if (!question || inFlight.get(question.turn.conversationId) === turnId) return undefined;
    await drop(question);
    send(question.turn.conversationId);
    return question.turn;
  }

  /** Forgets the questions of a conversation that was deleted. */
  async function forget(conversationId: string): Promise<void> {
    const gone = Object.values(store.state.pending).filter(({ turn }) => turn.conversationId === conversationId);
    for (const question of gone) await drop(question);
  }

  /** Sends the next question of a conversation, if one can be sent now. */
  function send(conversationId: string): void {
    if (signal.aborted || inFlight.has(conversationId) || waits.has(conversationId)) return;
    const [next, ...later] = unsentQuestions(store.state).filter(({ turn }) => turn.conversationId === conversationId);
    for (const question of later) mark(question, "queued");
    if (!next) return;
    const blocked = isBlocked(store.state, next.turn);
    mark(next, blocked ? "queued" : "sending");
    if (blocked) return;
    inFlight.set(conversationId, next.turn.turnId);
    void post(next).finally(() => {
      inFlight.delete(conversationId);
      send(conversationId);
    });
  }

  /** Tries everything again, but for what the server itself asked to wait. */
  function sendAll(): void {
    for (const [conversationId, { cancel, asked }] of waits) {
      if (asked) continue;
      cancel();
      waits.delete(conversationId);
    }
    const conversations = new Set(unsentQuestions(store.state).map(({ turn }) => turn.conversationId));
    for (const conversationId of conversations) send(conversationId);
  }

  async function post(question: PendingQuestion): Promise<void> {
    const { turn } = question;
    try {
      const started = await api.startTurn(turn, signal);
      failures.delete(turn.conversationId);
      await onTaken(question, started);
      await drop(question);
    } catch (error) {
      if (!signal.aborted) await settle(question, error);
    }
  }

  async function settle(question: PendingQuestion, error: unknown): Promise<void> {
    const { conversationId } = question.turn;
    const verdict = verdictOf(error);
    if (verdict.status === "refused") {
      mark(question, "refused", verdict.message);
      await cache.keepPending({ ...question, status: "refused", error: verdict.message }).catch(onFault);
      return;
    }
    mark(question, verdict.status);
    // The end of the turn that runs will send it.
    if (verdict.status === "queued" && isBlocked(store.state, question.turn)) return;
    const count = failures.get(conversationId) ?? 0;
    failures.set(conversationId, count + 1);
    wait(conversationId, Math.max(clock.backoff(count), verdict.retryAfterMs), verdict.retryAfterMs > 0);
  }

  function wait(conversationId: string, ms: number, asked: boolean): void {
    const cancel = clock.after(ms, () => {
      waits.delete(conversationId);
      send(conversationId);
    });
    waits.set(conversationId, { cancel, asked });
  }

  function mark({ turn }: PendingQuestion, status: PendingQuestion["status"], error?: string): void {
    const question = store.state.pending[turn.turnId];
    if (!question || (question.status === status && question.error === error)) return;
    const { error: _, ...rest } = question;
    store.apply({ type: "pending", question: { ...rest, status, ...(error !== undefined && { error }) } });
  }

  async function drop({ turn }: PendingQuestion): Promise<void> {
    await cache.dropPending(turn.turnId);
    store.apply({ type: "pending-done", turnId: turn.turnId });
  }

  signal.addEventListener("abort", () => {
    for (const { cancel } of waits.values()) cancel();
    waits.clear();
  });

  return { ask, unask, forget, send, sendAll };
}
