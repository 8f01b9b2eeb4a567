import type { Message } from "./messages.ts";
import type { TurnState } from "./reduce-turn.ts";

/** What a message needs besides its turn's state. */
export type AnswerFrame = Pick<Message, "id" | "conversationId" | "parentId" | "turnId" | "createdAt">;

/** The answer's message as it stands after `state`: what the server saves and what a panel shows are this one conversion. */
export function messageOfTurn(frame: AnswerFrame, state: TurnState): Message {
  return {
    ...frame,
    role: "assistant",
    parts: [...state.parts],
    status: state.status,
    ...(state.model !== undefined && { model: state.model }),
    ...(state.usage !== undefined && { usage: state.usage }),
    ...(state.error !== undefined && { error: state.error }),
  };
}
