import type { PendingQuestion } from "../messaging/keeper-state.ts";
import { noModelMessage } from "../protocol/no-model.ts";

/** Why the server did not take a question, as a sentence for the person; what it says to programs is put in other words. */
export function refusalWords({ turn, error }: Pick<PendingQuestion, "turn" | "error">): string {
  if (turn.model !== undefined && error === noModelMessage(turn.model)) {
    return `The model ${turn.model} is not offered any more. Choose another one.`;
  }
  return error ?? "It gave no reason.";
}
