import type { Capture, ConversationView, PageInfo } from "../messaging/catalogue.ts";
import type { KeeperPush } from "../messaging/keeper-link.ts";
import { applyChange, EMPTY_KEEPER, type KeeperState } from "../messaging/keeper-state.ts";
import type { Message, PagePart } from "../protocol/messages.ts";
import type { StartTurn } from "../protocol/requests.ts";

/** What the panel shows in its middle. */
export type View =
  /** Not known yet; the first moments of a panel. */
  | { status: "starting" }
  | { status: "new" }
  | { status: "loading"; conversationId: string }
  /** `reason` is a sentence for the person. */
  | { status: "failed"; conversationId: string; reason: string }
  | OpenView;

export type OpenView = {
  status: "open";
  conversationId: string;
  messages: Readonly<Record<string, Message>>;
  /** Cursor of the page before the oldest message; absent when all are here. */
  before?: string;
  older: "idle" | "loading" | "failed";
  /** For a message with several questions below it (null: at the root): the one that is shown. */
  choices: Readonly<Record<string, string>>;
};

/** The page that goes with the next question. */
export type Attachment =
  | { status: "none" }
  | { status: "reading" }
  | { status: "attached"; page: PagePart; from: "page" | "selection" }
  | { status: "failed"; reason: string };

export type ChatState = {
  keeper: KeeperState;
  /** Whether the keeper has been heard since this panel began. */
  connected: boolean;
  view: View;
  draft: string;
  attachment: Attachment;
  page?: PageInfo;
  /** What the last action failed with, until it is dismissed. */
  notice?: string;
};

export const EMPTY_CHAT: ChatState = {
  keeper: EMPTY_KEEPER,
  connected: false,
  view: { status: "starting" },
  draft: "",
  attachment: { status: "none" },
};

/** Folds what the background pushed. Pure. */
export function applyPush(state: ChatState, push: KeeperPush): ChatState {
  switch (push.type) {
    case "snapshot":
      return { ...state, connected: true, keeper: push.state };
    case "batch":
      return closeDeleted({ ...state, keeper: push.changes.reduce(applyChange, state.keeper) }, push);
    case "messages":
      return withMessages(state, push.conversationId, push.messages);
    case "page":
      return { ...state, page: push.page };
    case "intent":
      return state;
  }
}

/** Shows what `open` brought; ignored when the person has gone on to another conversation meanwhile. */
export function withOpened(state: ChatState, opened: ConversationView): ChatState {
  if (conversationOf(state.view) !== opened.conversationId) return state;
  const { conversationId, messages, before, draft } = opened;
  const shown = state.view.status === "open" ? state.view : undefined;
  const rows = { ...shown?.messages, ...byId(messages) };
  const view: OpenView = {
    status: "open",
    conversationId,
    messages: rows,
    before,
    older: "idle",
    choices: shown?.choices ?? {},
  };
  // What the person is typing in a conversation that is open already is newer than any saved draft.
  return { ...state, draft: shown ? state.draft : draft, view };
}

/** The page of older messages came (`opened`), is under way, or failed. */
export function withOlder(
  state: ChatState,
  conversationId: string,
  older: "loading" | "failed" | ConversationView,
): ChatState {
  const { view } = state;
  if (view.status !== "open" || view.conversationId !== conversationId) return state;
  if (typeof older === "string") return { ...state, view: { ...view, older } };
  const messages = { ...byId(older.messages), ...view.messages };
  return { ...state, view: { ...view, messages, older: "idle", before: older.before } };
}

/** Adds rows to the open conversation; rows of others are ignored. */
export function withMessages(state: ChatState, conversationId: string, messages: readonly Message[]): ChatState {
  const { view } = state;
  if (view.status !== "open" || view.conversationId !== conversationId) return state;
  return { ...state, view: { ...view, messages: { ...view.messages, ...byId(messages) } } };
}

/** Shows a question in the moment in which it is asked; the server's row, which has the same id, takes its place. */
export function withQuestion(state: ChatState, turn: StartTurn, askedAt: string): ChatState {
  const { conversationId, turnId, parentId, message } = turn;
  const row: Message = {
    id: message.id,
    conversationId,
    parentId,
    turnId,
    role: "user",
    parts: message.parts,
    status: "complete",
    createdAt: askedAt,
  };
  const opened: ChatState =
    state.view.status === "open" && state.view.conversationId === conversationId
      ? state
      : { ...state, view: { status: "open", conversationId, messages: {}, older: "idle", choices: {} } };
  const shown = withChoice(withMessages(opened, conversationId, [row]), parentId, message.id);
  return { ...shown, draft: "", attachment: { status: "none" } };
}

/** Takes back a question that was never taken by the server, and puts its parts into the composer again. */
export function withoutQuestion(state: ChatState, turn: StartTurn): ChatState {
  const { view } = state;
  const text = turn.message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const page = turn.message.parts.find((part) => part.type === "page");
  const draft = state.draft === "" ? text : state.draft;
  const attachment: Attachment = page ? { status: "attached", page, from: "page" } : state.attachment;
  if (view.status !== "open" || view.conversationId !== turn.conversationId) return { ...state, draft, attachment };
  const { [turn.message.id]: _, ...messages } = view.messages;
  return { ...state, draft, attachment, view: { ...view, messages } };
}

/** Shows this one of the questions that were asked at the same place. */
export function withChoice(state: ChatState, parentId: string | null, messageId: string): ChatState {
  const { view } = state;
  if (view.status !== "open") return state;
  return { ...state, view: { ...view, choices: { ...view.choices, [choiceKey(parentId)]: messageId } } };
}

/** The key in `choices` of the place below `parentId`. */
export function choiceKey(parentId: string | null): string {
  return parentId ?? "root";
}

/** The conversation that a view is about. */
export function conversationOf(view: View): string | undefined {
  return view.status === "starting" || view.status === "new" ? undefined : view.conversationId;
}

/** The attachment that a capture means. */
export function attachmentOf(capture: Capture): Attachment {
  switch (capture.status) {
    case "captured":
      return { status: "attached", page: capture.page, from: capture.from };
    case "needs-permission":
      return {
        status: "failed",
        reason: "Sidestream may not read this page. Allow it, or click its icon in the toolbar.",
      };
    case "failed":
      return { status: "failed", reason: capture.reason };
  }
}

function closeDeleted(state: ChatState, { changes }: Extract<KeeperPush, { type: "batch" }>): ChatState {
  const id = conversationOf(state.view);
  const gone = changes.some((change) => change.type === "conversation-deleted" && change.id === id);
  if (!gone) return state;
  // A loss that comes with the deletion says it already.
  const isTold = changes.some((change) => change.type === "loss");
  return { ...state, view: { status: "new" }, ...(!isTold && { notice: "This conversation was deleted." }) };
}

function byId(messages: readonly Message[]): Record<string, Message> {
  return Object.fromEntries(messages.map((message) => [message.id, message]));
}
