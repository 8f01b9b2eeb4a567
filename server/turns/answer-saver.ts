import pRetry from "p-retry";
import type { Message } from "../../lib/protocol/messages.ts";
import type { Store } from "../ports/store.ts";
import type { TurnClaim, TurnLog } from "../ports/turn-log.ts";
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

/** A saver that works until `signal` aborts; what is unsaved then is still in the log for the next start. */
export function createAnswerSaver(
  deps: { store: Store; log: TurnLog; logger: TurnLogger; patienceMs?: number },
  signal: AbortSignal,
): AnswerSaver {
  const { store, log, logger, patienceMs = PATIENCE_MS } = deps;

  const save = async (claim: TurnClaim, answer: Message) => {
    // The question first: its own save at the start may have failed too, and repeating it changes nothing.
    await store.openTurn(claim.userId, claim);
    await store.saveAnswer(claim.userId, answer);
  };

  return {
    async save(claim, answer) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      try {
        await pRetry(() => save(claim, answer), {
          retries: Infinity,
          minTimeout: 100,
          maxTimeout: 1_000,
          signal: patience,
        });
        return true;
      } catch (error) {
        logger.error(
          { turnId: claim.turnId, err: error },
          "answer not saved in time; saving goes on in the background",
        );
        return false;
      }
    },

    saveLater(claim, answer) {
      pRetry(() => save(claim, answer), { retries: Infinity, minTimeout: 500, maxTimeout: 30_000, unref: true, signal })
        .then(() => log.markSaved(claim.turnId))
        .then(() => logger.info({ turnId: claim.turnId }, "answer saved late"))
        .catch((error: unknown) => logger.warn({ turnId: claim.turnId, err: error }, "answer left for the next start"));
    },
  };
}
