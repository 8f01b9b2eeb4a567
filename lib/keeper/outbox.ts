import type { ApiClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { Cache } from "../cache/cache.ts";
import type { PendingQuestion } from "../messaging/keeper-state.ts";
import { ApiError } from "../protocol/errors.ts";
import type { StartTurn } from "../protocol/requests.ts";
import type { StartedTurn } from "../protocol/responses.ts";
import { isBlocked, unsentQuestions } from "./derived.ts";
import type { KeeperStore } from "./keeper-store.ts";
import { createLanes, type LaneEnd } from "./lanes.ts";
import { verdictOf } from "./verdict.ts";

export type OutboxOptions = {
  api: Pick<ApiClient, "startTurn">;
  cache: Pick<Cache, "keepPending" | "updatePending" | "dropPending">;
  store: KeeperStore;
  clock: Clock;
  signal: AbortSignal;
  /** The server has taken a question; it leaves the outbox when this resolves. */
  onTaken(question: PendingQuestion, started: StartedTurn): Promise<void>;
  /** The server has answered to a question, or did not; `isGone`: it does not have what the question belongs to. */
  onAnswer(conversationId: string, isGone: boolean): void;
  onFault(error: unknown): void;
};

export type Outbox = ReturnType<typeof createOutbox>;

/**
 * Questions on their way to the server: stored before anything is sent, sent one at a time in each conversation and in
 * the order in which they were asked, repeated under the same turn id until the server has answered yes or no.
 */
export function createOutbox(options: OutboxOptions) {
  const { api, cache, store, clock, signal, onTaken, onAnswer, onFault } = options;
  const lanes = createLanes({ clock, signal, next });
  /** By conversation: the turn whose POST is on its way. */
  const inFlight = new Map<string, string>();

  async function ask(turn: StartTurn): Promise<void> {
    if (turn.turnId in store.state.pending || turn.turnId in store.state.turns) return;
    const question: PendingQuestion = { turn, status: "sending", askedAt: new Date(clock.now()).toISOString() };
    await cache.keepPending(question);
    store.apply({ type: "pending", question });
    lanes.go(turn.conversationId);
  }

  /** Takes a question back that is not on its way at this moment. */
  async function unask(turnId: string): Promise<StartTurn | undefined> {
    const question = store.state.pending[turnId];
    if (!question || inFlight.get(question.turn.conversationId) === turnId) return undefined;
    await drop(question);
    lanes.go(question.turn.conversationId);
    return question.turn;
  }

  /** Tries everything again, but for what the server itself asked to wait. */
  function sendAll(): void {
    lanes.goAll(new Set(unsentQuestions(store.state).map(({ turn }) => turn.conversationId)));
  }

  function next(conversationId: string): (() => Promise<LaneEnd>) | undefined {
    const [first, ...later] = unsentQuestions(store.state).filter(({ turn }) => turn.conversationId === conversationId);
    for (const question of later) mark(question, "queued");
    if (!first) return undefined;
    const blocked = isBlocked(store.state, first.turn);
    mark(first, blocked ? "queued" : "sending");
    return blocked ? undefined : () => post(first);
  }

  async function post(question: PendingQuestion): Promise<LaneEnd> {
    const { turn } = question;
    inFlight.set(turn.conversationId, turn.turnId);
    const { end, isGone } = await exchange(question);
    inFlight.delete(turn.conversationId);
    if (!signal.aborted) onAnswer(turn.conversationId, isGone);
    return end;
  }

  async function exchange(question: PendingQuestion): Promise<{ end: LaneEnd; isGone: boolean }> {
    try {
      const started = await api.startTurn(question.turn, signal);
      if (isPending(question)) {
        await onTaken(question, started);
        await drop(question);
      }
      return { end: "done", isGone: false };
    } catch (error) {
      const isGone = error instanceof ApiError && error.code === "not_found";
      return { end: signal.aborted ? "done" : await settle(question, error), isGone };
    }
  }

  async function settle(question: PendingQuestion, error: unknown): Promise<LaneEnd> {
    if (!isPending(question)) return "done";
    const verdict = verdictOf(error);
    if (verdict.status === "refused") {
      mark(question, "refused", verdict.message);
      await cache.updatePending({ ...question, status: "refused", error: verdict.message }).catch(onFault);
      return "done";
    }
    mark(question, verdict.status);
    // The end of the turn that runs will send it.
    if (verdict.status === "queued" && isBlocked(store.state, question.turn)) return "done";
    return { retryAfterMs: verdict.retryAfterMs };
  }

  /** False when its conversation was deleted while it was on its way. */
  function isPending({ turn }: PendingQuestion): boolean {
    return turn.turnId in store.state.pending;
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

  return {
    ask,
    unask,
    /** Sends the next question of a conversation, if one can be sent now. */
    send: lanes.go,
    sendAll,
    /** Whether a question of this conversation is on its way at this moment. */
    isSending: (conversationId: string) => inFlight.has(conversationId),
  };
}
