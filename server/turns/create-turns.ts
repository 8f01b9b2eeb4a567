import { randomUUIDv7 } from "node:crypto";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { StartTurn } from "../../lib/protocol/requests.ts";
import type { ModelInfo, StartedTurn } from "../../lib/protocol/responses.ts";
import type { Model } from "../ports/model.ts";
import type { Store } from "../ports/store.ts";
import type { TurnClaim, TurnLog } from "../ports/turn-log.ts";
import type { AnswerSaver } from "./answer-saver.ts";
import { type Approvals, createApprovals } from "./approvals.ts";
import { ShutdownSignal, StopSignal } from "./ends.ts";
import { hasCall } from "./has-call.ts";
import { createOneAtATime } from "./one-at-a-time.ts";
import { type PrepareDeps, prepareTurn } from "./prepare-turn.ts";
import { recordTurn } from "./record-turn.ts";
import { runTurn } from "./run-turn.ts";
import { noTurn, startedTurn, startTurn } from "./start-turn.ts";
import type { Turns } from "./turns.ts";
import { whileUnavailable } from "./while-unavailable.ts";

export type TurnsDeps = PrepareDeps & {
  store: Store;
  model: Model;
  log: TurnLog;
  saver: AnswerSaver;
  now?: () => Date;
};

type Running = {
  controller: AbortController;
  approvals: Approvals;
  /** Resolves when the terminal event is committed, or the turn was dropped. */
  ended: Promise<void>;
};

/** The turns of this process. What runs is kept here; what happened is in the log. */
export function createTurns(deps: TurnsDeps): Turns {
  const { log, store, now = () => new Date() } = deps;
  const running = new Map<string, Running>();
  // Simultaneous sends of one turn share the first one's start, so that none sees it half done.
  const starting = new Map<string, Promise<StartedTurn>>();
  // Two turns with the same question: the second is checked when the first has saved it, so that it is refused.
  const byQuestion = createOneAtATime();
  let closing = false;
  const isClosing = () => closing;

  const turns: Turns = {
    start(userId, request) {
      const key = keyOf(userId, request.turnId);
      const begun = starting.get(key);
      if (begun !== undefined) return begun;
      const start = byQuestion(request.message.id, () => begin(userId, request)).finally(() => starting.delete(key));
      starting.set(key, start);
      return start;
    },

    async known(userId, turnId) {
      const claim = await log.find(turnId);
      return claim?.userId === userId ? startedTurn(claim) : undefined;
    },

    async stop(userId, turnId) {
      await requireTurn(userId, turnId);
      const turn = await runningTurn(userId, turnId);
      turn?.controller.abort(new StopSignal("stopped by the person"));
      return turn ? "stopping" : "ended";
    },

    async decide(userId, turnId, callId, { decision, remember }) {
      await requireTurn(userId, turnId);
      const answer = running.get(turnId)?.approvals.answer(callId, decision) ?? { status: "unknown" };
      if (answer.status === "taken") {
        if (remember && decision === "allow") await store.allowTool(userId, answer.name);
        return;
      }
      if (answer.status === "already-decided" || (await hasCall(log, turnId, callId))) {
        throw new ApiError("already_decided", "This call was decided already.");
      }
      throw new ApiError("not_found", "There is no such call.");
    },

    async deleteConversation(userId, conversationId) {
      await stopAllIn(userId, conversationId);
      const deleted = await store.deleteConversation(userId, conversationId);
      // A conversation that was never there may just be beginning: nothing of it is touched.
      if (!deleted && !(await wasDeleted(userId, conversationId))) throw noConversation();
      // One more may have begun behind the one that was stopped; from the tombstone on none does.
      await stopAllIn(userId, conversationId);
      await log.dropConversation(userId, conversationId);
      if (!deleted) throw noConversation();
    },

    async close(graceMs) {
      closing = true;
      const all = async () => {
        await Promise.all([...running.values()].map(({ ended }) => ended));
      };
      // What is past the last check is about to run.
      const allStarted = async () => {
        await Promise.allSettled(starting.values());
        await all();
      };
      const grace = Promise.withResolvers<void>();
      const timer = setTimeout(grace.resolve, graceMs);
      await Promise.race([allStarted(), grace.promise]);
      clearTimeout(timer);
      for (const { controller } of running.values())
        controller.abort(new ShutdownSignal("the server is shutting down"));
      await all();
    },
  };
  return turns;

  async function begin(userId: string, request: StartTurn): Promise<StartedTurn> {
    const known = await turns.known(userId, request.turnId);
    if (known) return known;
    const { claim, model } = await startTurn(userId, request, { log, store, model: deps.model, now, isClosing });
    if (model) await launch(claim, model, request.tools?.servers);
    return startedTurn(claim);
  }

  /**
   * The turn counts as running from here on, so that it can be stopped while its question is still being saved. When that
   * fails its caller is told, and asks again; the turn, which is claimed, goes on trying and is answered all the same.
   */
  async function launch(claim: TurnClaim, model: ModelInfo, servers: readonly string[] | undefined): Promise<void> {
    const controller = new AbortController();
    const approvals = createApprovals();
    const opened = openTurn(claim);
    const { signal } = controller;
    const prepare = (attempt: number) => {
      const preparation = { claim, model, servers, approvals, opened: attempt === 1 ? opened : openTurn(claim) };
      return prepareTurn(preparation, deps, signal);
    };
    const generate = async () => runTurn(await whileUnavailable(prepare, signal), signal);
    const turn = { claim, generate, modelId: model.id, controller };
    const ended = recordTurn(turn, { ...deps, isClosing }).finally(() => running.delete(claim.turnId));
    running.set(claim.turnId, { controller, approvals, ended });
    await opened;
  }

  /** Saves the question. A conversation that was deleted since the check takes its turn with it. */
  async function openTurn(claim: TurnClaim): Promise<void> {
    await store.openTurn(claim.userId, claim);
    if (await store.hasConversation(claim.userId, claim.conversationId)) return;
    await log.dropConversation(claim.userId, claim.conversationId);
    throw new ApiError("not_found", "The conversation was deleted.");
  }

  async function stopAllIn(userId: string, conversationId: string): Promise<void> {
    for (const turnId of await log.runningIn(userId, conversationId)) {
      const turn = await runningTurn(userId, turnId);
      turn?.controller.abort(new StopSignal("its conversation was deleted"));
      await turn?.ended;
    }
  }

  /** Deleted before, by a server that may have died before it had dropped the logs as well. */
  async function wasDeleted(userId: string, conversationId: string): Promise<boolean> {
    const ids = { turnId: randomUUIDv7(), userMessageId: randomUUIDv7() };
    return (await store.checkTurn(userId, { ...ids, conversationId, parentId: null })) === "not-found";
  }

  /** A turn counts as running a moment after its claim is committed. */
  async function runningTurn(userId: string, turnId: string): Promise<Running | undefined> {
    if (!running.has(turnId)) await Promise.allSettled([starting.get(keyOf(userId, turnId))]);
    return running.get(turnId);
  }

  async function requireTurn(userId: string, turnId: string): Promise<void> {
    if ((await log.find(turnId))?.userId !== userId) throw noTurn();
  }
}

function keyOf(userId: string, turnId: string): string {
  return `${turnId} ${userId}`;
}

function noConversation(): ApiError {
  return new ApiError("not_found", "There is no such conversation.");
}
