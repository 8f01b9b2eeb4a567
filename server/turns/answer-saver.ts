import pRetry from "p-retry";
import type { Message } from "../../lib/protocol/messages.ts";
import type { Store } from "../ports/store.ts";
import type { TurnClaim, TurnLog } from "../ports/turn-log.ts";
import { createAtMost } from "./at-most.ts";
import { createLateness } from "./lateness.ts";
import type { TurnLogger } from "./turn-logger.ts";

/** Brings the answers of ended turns into the store. */
export type AnswerSaver = {
  /** Saves now. False when the store stayed down for 10 s. Never throws. */
  save(claim: TurnClaim, answer: Message): Promise<boolean>;
  /** Goes on saving in the background until it succeeds, then tells the log. For turns that were finished unsaved. */
  saveLater(claim: TurnClaim, answer: Message): void;
};

/** How long readers wait for the end of a turn whose answer cannot be saved (design.md, section 3, rule 5). */
const PATIENCE_MS = 10_000;

/** A store that comes back after an hour would else meet all answers of that hour at once, again and again. */
const LATE_AT_A_TIME = 10;

/** A saver that works until `signal` aborts; what is unsaved then is still in the log for the next start. */
export function createAnswerSaver(
  deps: {
    store: Pick<Store, "openTurn" | "saveAnswer">;
    log: Pick<TurnLog, "markSaved">;
    logger: TurnLogger;
  },
  signal: AbortSignal,
): AnswerSaver {
  const { store, log, logger } = deps;
  const fewAtATime = createAtMost(LATE_AT_A_TIME);
  const lateness = createLateness(logger, signal);

  const save = async (claim: TurnClaim, answer: Message) => {
    try {
      // The question first: its own save at the start may have failed too, and repeating it changes nothing.
      await store.openTurn(claim.userId, claim);
      await store.saveAnswer(claim.userId, answer);
    } catch (cause) {
      // In words of our own: p-retry gives up on a TypeError, and an answer is not given up.
      throw new Error("the store did not take the answer", { cause });
    }
  };

  return {
    async save(claim, answer) {
      const late = new AbortController();
      const giveUp = () => late.abort(new Error("the answer could not be saved in time"));
      const timer = setTimeout(giveUp, PATIENCE_MS);
      signal.addEventListener("abort", giveUp);
      if (signal.aborted) giveUp();
      try {
        const saved = pRetry(() => save(claim, answer), {
          retries: Infinity,
          minTimeout: 100,
          maxTimeout: 1_000,
          signal: late.signal,
        });
        // A store that hangs must not hold the end of the turn either.
        await Promise.race([saved, rejectionOf(late.signal)]);
        return true;
      } catch (error) {
        logger.error(
          { turnId: claim.turnId, err: error },
          "answer not saved in time; saving goes on in the background",
        );
        return false;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
      }
    },

    saveLater(claim, answer) {
      const attempt = () => fewAtATime(() => save(claim, answer));
      const ended = lateness.begin();
      pRetry(attempt, { retries: Infinity, minTimeout: 500, maxTimeout: 10_000, unref: true, signal })
        .then(() => log.markSaved(claim.turnId))
        .then(() => logger.info({ turnId: claim.turnId }, "answer saved late"))
        .catch((error: unknown) => logger.warn({ turnId: claim.turnId, err: error }, "answer left for the next start"))
        .finally(ended);
    },
  };
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
