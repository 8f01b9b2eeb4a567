import type { TurnEvent } from "../../lib/protocol/events.ts";
import { messageOfTurn } from "../../lib/protocol/message-of-turn.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { EMPTY_TURN, reduceTurn } from "../../lib/protocol/reduce-turn.ts";
import type { TurnClaim } from "../ports/turn-log.ts";

/** An answer as it grows, folded by the same reducer that shows it: what is saved is what was seen. */
export type FoldedAnswer = {
  /** Adds the next event of the turn. */
  add(event: TurnEvent): void;
  /** The answer's message as it stands. */
  message(): Message;
};

/** The answer of a turn before its first event. */
export function foldAnswer(claim: TurnClaim): FoldedAnswer {
  let state = EMPTY_TURN;
  const frame = {
    id: claim.assistantMessageId,
    conversationId: claim.conversationId,
    parentId: claim.userMessageId,
    turnId: claim.turnId,
    createdAt: claim.createdAt,
  };
  return {
    add(event) {
      state = reduceTurn(state, { seq: state.lastSeq + 1, event });
    },
    message: () => messageOfTurn(frame, state),
  };
}
