import type { PendingQuestion } from "../messaging/keeper-state.ts";
import { messageOfTurn } from "../protocol/message-of-turn.ts";
import type { Message } from "../protocol/messages.ts";
import { EMPTY_TURN } from "../protocol/reduce-turn.ts";
import type { StartedTurn } from "../protocol/responses.ts";

/**
 * Pure: the rows that the server has made of a question, so that it stays in sight between leaving the outbox and coming
 * back with the next pull. The server's own rows replace them.
 */
export function rowsOfTaken({ turn, askedAt }: PendingQuestion, started: StartedTurn): [Message, Message] {
  const { conversationId, turnId, userMessageId, assistantMessageId } = started;
  const question: Message = {
    id: userMessageId,
    conversationId,
    parentId: turn.parentId,
    turnId,
    role: "user",
    parts: turn.message.parts,
    status: "complete",
    createdAt: askedAt,
  };
  const frame = { id: assistantMessageId, conversationId, parentId: userMessageId, turnId, createdAt: askedAt };
  return [question, messageOfTurn(frame, EMPTY_TURN)];
}
