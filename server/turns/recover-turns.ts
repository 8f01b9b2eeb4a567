import type { LoggedTurn, TurnLog } from "../ports/turn-log.ts";
import type { AnswerSaver } from "./answer-saver.ts";
import { INTERRUPTED } from "./ends.ts";
import { foldAnswer } from "./fold-answer.ts";
import { closeTurn } from "./record-turn.ts";
import type { TurnLogger } from "./turn-logger.ts";

type RecoverDeps = {
  log: Pick<TurnLog, "orphans" | "unsaved" | "settle" | "finish">;
  saver: AnswerSaver;
  logger: TurnLogger;
};

/**
 * At start: closes and saves the turns whose producer died, with their text, and goes on saving the ended ones that
 * had not reached the store. Resolves when every orphan has its terminal event.
 */
export async function recoverTurns(deps: RecoverDeps): Promise<void> {
  // Before the orphans are closed: those that stay unsaved are saved on by their own closing.
  const unsaved = await deps.log.unsaved();
  for (const turn of unsaved) deps.saver.saveLater(turn.claim, fold(turn).message());
  const orphans = await deps.log.orphans();
  await Promise.all(orphans.map((turn) => recover(turn, deps)));
  if (orphans.length > 0) deps.logger.warn({ count: orphans.length }, "turns of the last run were closed and saved");
}

async function recover(turn: LoggedTurn, deps: RecoverDeps): Promise<void> {
  const end = await closeTurn(turn.claim, fold(turn), turn.end ?? INTERRUPTED, deps);
  deps.logger.info({ turnId: turn.claim.turnId, end: end.type }, "turn recovered");
}

function fold({ claim, events }: LoggedTurn) {
  const answer = foldAnswer(claim);
  for (const event of events) answer.add(event);
  return answer;
}
