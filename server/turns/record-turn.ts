import pRetry from "p-retry";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { TerminalEvent, TurnEvent } from "../../lib/protocol/events.ts";
import { ModelFailure } from "../ports/model.ts";
import { LogClosedError, type TurnClaim, type TurnLog } from "../ports/turn-log.ts";
import type { AnswerSaver } from "./answer-saver.ts";
import { INTERRUPTED, ShutdownSignal, StopSignal } from "./ends.ts";
import { type FoldedAnswer, foldAnswer } from "./fold-answer.ts";
import type { TurnLogger } from "./turn-logger.ts";

export type RecordTurn = {
  claim: TurnClaim;
  /** Begins the generation: the events between `started` and the end; returns the finish reason. */
  generate(): Promise<AsyncGenerator<readonly TurnEvent[], string>>;
  modelId: string;
  /** Aborts the generation; its reason says how the turn ends then. */
  controller: AbortController;
};

type RecordDeps = {
  log: Pick<TurnLog, "append" | "settle" | "finish">;
  saver: AnswerSaver;
  logger: TurnLogger;
  isClosing: () => boolean;
};

/**
 * Carries a turn from its first event to its saved end: logs what the generator yields, then settles the end, saves the
 * answer, and appends the terminal event. Never throws: whatever happens becomes the turn's end. A log that cannot take
 * the end is asked again until it can, or until the server closes: then the next start ends the turn.
 */
export async function recordTurn(turn: RecordTurn, deps: RecordDeps): Promise<void> {
  const { claim } = turn;
  const answer = foldAnswer(claim);
  try {
    const end = await logEvents(turn, answer, deps);
    const settled = await pRetry(() => closeTurn(claim, answer, end, deps), {
      retries: Infinity,
      minTimeout: 100,
      maxTimeout: 1_000,
      shouldRetry: ({ error }) => !(error instanceof LogClosedError) && !deps.isClosing(),
      onFailedAttempt: ({ error }) =>
        deps.logger.warn({ turnId: claim.turnId, err: error }, "the end of a turn was not committed"),
    });
    deps.logger.info({ turnId: claim.turnId, end: settled.type }, "turn ended");
  } catch (error) {
    if (error instanceof LogClosedError) return deps.logger.info({ turnId: claim.turnId }, "turn dropped");
    deps.logger.error(
      { turnId: claim.turnId, err: error },
      "turn could not be recorded; it will be recovered at the next start",
    );
  }
}

/**
 * Ends a turn whose events are all logged: the end is committed, then the answer saved, then the terminal event
 * appended, so that a crash at any point repeats the rest. Returns the end that stands.
 */
export async function closeTurn(
  claim: TurnClaim,
  answer: FoldedAnswer,
  end: TerminalEvent,
  { log, saver }: { log: Pick<TurnLog, "settle" | "finish">; saver: AnswerSaver },
): Promise<TerminalEvent> {
  const settled = await log.settle(claim.turnId, end);
  answer.add(settled);
  const saved = await saver.save(claim, answer.message());
  await log.finish(claim.turnId, { saved });
  if (!saved) saver.saveLater(claim, answer.message());
  return settled;
}

/** Logs events until the generator ends; the end that this means. */
async function logEvents(
  { claim, generate, modelId, controller }: RecordTurn,
  answer: FoldedAnswer,
  { log, logger }: RecordDeps,
): Promise<TerminalEvent> {
  const abort = (error: unknown) => controller.abort(error);
  let batch: readonly TurnEvent[] = [{ type: "started", model: modelId, messageId: claim.assistantMessageId }];
  let committed = append();
  let events: AsyncGenerator<readonly TurnEvent[], string> | undefined;
  try {
    events = await generate();
    while (true) {
      // One commit is under way while the next batch is read, and never more: the log's pace is the model's pace.
      const next = await events.next();
      await committed;
      fold();
      if (next.done) return { type: "completed", finishReason: next.value };
      batch = next.value;
      committed = append();
    }
  } catch (error) {
    const [{ status }] = await Promise.allSettled([committed]);
    if (status === "fulfilled") fold();
    return endOf(controller.signal.aborted ? controller.signal.reason : error, claim.turnId, logger);
  } finally {
    // The log may have failed while the model still writes.
    await events?.return("");
  }

  function append(): Promise<unknown> {
    const appended = log.append(claim.turnId, batch);
    // A log that fails ends the generation at once, and not when the model says the next word.
    appended.catch(abort);
    return appended;
  }

  /** Only what is committed: what is saved must be what readers could see. */
  function fold(): void {
    for (const event of batch) answer.add(event);
    batch = [];
  }
}

function endOf(error: unknown, turnId: string, logger: TurnLogger): TerminalEvent {
  if (error instanceof StopSignal) return { type: "stopped" };
  if (error instanceof ShutdownSignal) return INTERRUPTED;
  if (error instanceof LogClosedError) throw error;
  if (error instanceof ModelFailure) {
    // Its message is for the person and quotes the endpoint, which may quote the conversation: not for the log.
    logger.warn({ turnId, code: error.code, err: error.cause }, "turn failed");
    return { type: "failed", code: error.code, message: error.message, retryable: error.retryable };
  }
  logger.warn({ turnId, err: error }, "turn failed");
  if (error instanceof ApiError && error.code === "unavailable") {
    return { type: "failed", code: "internal", message: `${error.message} Try again later.`, retryable: true };
  }
  const message = "Something went wrong in the server; its log has the cause. What was written is kept. Try again.";
  return { type: "failed", code: "internal", message, retryable: true };
}
