import type { ConversationRow, KeeperState, LiveTurn } from "../messaging/keeper-state.ts";
import type { ModelInfo } from "../protocol/responses.ts";
import { type ChatState, conversationOf } from "./chat-state.ts";

/** The turn that runs in the shown conversation. */
export function runningTurn({ view, keeper }: ChatState): LiveTurn | undefined {
  const id = conversationOf(view);
  return Object.values(keeper.turns).find((turn) => turn.conversationId === id && isRunning(turn));
}

/** Whether the composer may send: there is a text, nothing is being read, and the last question has reached the server. */
export function canSend(state: ChatState): boolean {
  const { view, draft, attachment } = state;
  if (draft.trim() === "" || attachment.status === "reading") return false;
  if (view.status === "new") return true;
  return view.status === "open" && !hasPending(state.keeper, view.conversationId);
}

/** Conversations for the list, pinned first, then by activity; archived ones are left out. */
export function listedConversations({ conversations }: KeeperState): ConversationRow[] {
  const rows = Object.values(conversations).filter(({ archived }) => !archived);
  return rows.sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updatedAt.localeCompare(a.updatedAt));
}

/** Ids of the conversations in which an answer is being written. */
export function runningConversations({ turns }: KeeperState): Set<string> {
  return new Set(
    Object.values(turns)
      .filter(isRunning)
      .map(({ conversationId }) => conversationId),
  );
}

/** The model that the next question goes to; undefined while the models are not known. */
export function chosenModel({ keeper, model }: ChatState): ModelInfo | undefined {
  const { models } = keeper;
  return models?.models.find(({ id }) => id === model) ?? models?.models.find(({ id }) => id === models.default);
}

/** Whether a tool call of the shown conversation waits for the person. */
export function awaitsApproval(state: ChatState): boolean {
  return runningTurn(state)?.state.parts.some((part) => part.type === "tool" && part.state === "waiting") ?? false;
}

function hasPending({ pending }: KeeperState, conversationId: string): boolean {
  return Object.values(pending).some(({ turn }) => turn.conversationId === conversationId);
}

function isRunning({ state }: LiveTurn): boolean {
  return state.status === "streaming";
}
