import type { KeeperState, LiveTurn, PendingQuestion } from "../messaging/keeper-state.ts";
import type { ModelInfo } from "../protocol/responses.ts";
import { type ChatState, conversationOf } from "./chat-state.ts";
import { firstWords, type ListedConversation, unsentConversations } from "./unsent-conversations.ts";

/** The turn that runs in the shown conversation. */
export function runningTurn({ view, keeper }: ChatState): LiveTurn | undefined {
  const id = conversationOf(view);
  return Object.values(keeper.turns).find((turn) => turn.conversationId === id && isRunning(turn));
}

/** The newest turn of the shown conversation whose answer is not history yet, running or just ended. */
export function shownAnswer({ view, keeper }: ChatState): LiveTurn | undefined {
  const id = conversationOf(view);
  return Object.values(keeper.turns).findLast((turn) => turn.conversationId === id);
}

/** Whether the composer may send: there is a text, and the last question has reached the server. */
export function canSend(state: ChatState): boolean {
  const { view, draft } = state;
  if (draft.trim() === "") return false;
  if (view.status === "new") return true;
  return view.status === "open" && !hasPending(state.keeper, view.conversationId);
}

/**
 * Conversations for the list, pinned first, then by activity: those that are not archived, or those that are. Those whose
 * first question the server has not taken yet are among them.
 */
export function listedConversations(
  { conversations, pending }: Pick<KeeperState, "conversations" | "pending">,
  { archived = false }: { archived?: boolean } = {},
): ListedConversation[] {
  const known: ListedConversation[] = Object.values(conversations);
  const rows = [...known, ...unsentConversations({ conversations, pending })].filter(
    (row) => row.archived === archived,
  );
  return rows.sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updatedAt.localeCompare(a.updatedAt));
}

/** Ids of the conversations in which an answer is being written. */
export function runningConversations({ turns }: Pick<KeeperState, "turns">): Set<string> {
  return new Set(
    Object.values(turns)
      .filter(isRunning)
      .map(({ conversationId }) => conversationId),
  );
}

/** The running conversations' ids as one string, which is equal to the last one when they are the same. */
export function runningKey({ keeper }: ChatState): string {
  return [...runningConversations(keeper)].sort().join(" ");
}

/** The title of the shown conversation; the beginning of its question until the server has given it one. */
export function shownTitle({ view, keeper }: ChatState): string | undefined {
  const id = conversationOf(view);
  if (id === undefined) return undefined;
  const title = keeper.conversations[id]?.title;
  if (title) return title;
  const pending = Object.values(keeper.pending).find(({ turn }) => turn.conversationId === id);
  return pending && firstWords(pending);
}

/** How many conversations are running besides the shown one. */
export function runningElsewhere({ view, keeper }: ChatState): number {
  const running = runningConversations(keeper);
  running.delete(conversationOf(view) ?? "");
  return running.size;
}

/** How many conversations have an answer that the person has not seen, besides the shown one. */
export function unreadElsewhere({ view, keeper }: ChatState): number {
  const shown = conversationOf(view);
  return Object.values(keeper.conversations).filter(({ id, unread, archived }) => unread && !archived && id !== shown)
    .length;
}

/** The model that the next question goes to; undefined while the models are not known. */
export function chosenModel({ keeper }: ChatState): ModelInfo | undefined {
  const { models, settings } = keeper;
  return (
    models?.models.find(({ id }) => id === settings.model) ?? models?.models.find(({ id }) => id === models.default)
  );
}

/** The model that a question names; none for the server's default, also where the chosen one is not offered any more. */
export function modelToAsk({ models, settings }: Pick<KeeperState, "models" | "settings">): string | undefined {
  const isGone = models !== undefined && !models.models.some(({ id }) => id === settings.model);
  return isGone ? undefined : settings.model;
}

/** Whether a tool call of the shown conversation waits for the person. */
export function awaitsApproval(state: ChatState): boolean {
  return runningTurn(state)?.state.parts.some((part) => part.type === "tool" && part.state === "waiting") ?? false;
}

/** How a question stands that the server has not taken. */
export type Standing = PendingQuestion["status"];

/** How the question that waits in the shown conversation stands; undefined when none does. */
export function pendingStatus(state: ChatState): Standing | undefined {
  const id = conversationOf(state.view);
  const question = Object.values(state.keeper.pending).find(({ turn }) => turn.conversationId === id);
  return question && standingOf(question, unreachable(state));
}

/** A question that is tried again and again while somebody is known to be missing waits, whatever is tried right now. */
export function standingOf(
  { status }: Pick<PendingQuestion, "status">,
  missing: ReturnType<typeof unreachable>,
): Standing {
  return status === "sending" && missing !== undefined ? "waiting" : status;
}

/** Who cannot be reached, so that questions wait; undefined when nobody is known to be missing. */
export function unreachable({ keeper: { connection } }: Pick<ChatState, "keeper">): "server" | "sign-in" | undefined {
  if (connection.status === "reconnecting") return connection.cause;
  return connection.status === "online" && connection.signIn === "unreachable" ? "sign-in" : undefined;
}

/** What the person did here and the server has not taken yet. */
export function unsentWork({ keeper }: ChatState): { questions: number; edits: number } {
  return { questions: Object.keys(keeper.pending).length, edits: keeper.unsentEdits ?? 0 };
}

function hasPending({ pending }: KeeperState, conversationId: string): boolean {
  return Object.values(pending).some(({ turn }) => turn.conversationId === conversationId);
}

function isRunning({ state }: LiveTurn): boolean {
  return state.status === "streaming";
}
