import type { Conversation, Message, QuestionPart } from "../../lib/protocol/messages.ts";
import type { ConversationPatch, SettingsPatch } from "../../lib/protocol/requests.ts";
import type { Changes, Conversations, Messages, PersonSettings, SearchHit } from "../../lib/protocol/responses.ts";

/**
 * History: conversations and their trees of messages. Every method takes the user's id first and sees nothing of other
 * users: what is theirs does not exist. Writes are idempotent. Fails with ApiError `unavailable` when it is down.
 * Adapters: SQLite, Convex. `store.contract.ts` is the suite that each of them passes.
 */
export interface Store {
  /**
   * What a new turn meets: whether its ids are free and its parent exists. `ok` also when the ids are taken by this
   * very turn. `not-found`: the conversation is another user's or was deleted, or the parent is not in it.
   * `message-taken`: the id of the question belongs to another message (of anybody).
   */
  checkTurn(userId: string, turn: TurnPlace): Promise<"ok" | "not-found" | "message-taken">;

  /**
   * Saves the question and the empty answer (`streaming`), and the conversation when it is new. Repeating it changes
   * nothing. Does nothing when the conversation was deleted.
   */
  openTurn(userId: string, turn: OpenTurn): Promise<void>;

  /** Saves the answer over its streaming row. Repeating it changes nothing. Does nothing when the conversation was deleted. */
  saveAnswer(userId: string, answer: Message): Promise<void>;

  /** The messages from the root down to `messageId`, oldest first; empty when there is no such message. */
  path(userId: string, messageId: string): Promise<Message[]>;

  /** Newest activity first, pages by `before`. */
  listConversations(userId: string, page: Page): Promise<Conversations>;

  /**
   * The changed row, or undefined when there is none. `readUpTo` moves the read mark forward only, and only to a message
   * of this conversation; any other id changes nothing. A conversation is unread when its last ended answer (the greatest
   * id of those that ended, in whichever way) is beyond the mark. Repeating a patch, or one that changes nothing, makes no
   * change row.
   */
  patchConversation(userId: string, id: string, patch: ConversationPatch): Promise<Conversation | undefined>;

  /** Deletes the conversation with its messages and leaves one tombstone. False when there is none. */
  deleteConversation(userId: string, id: string): Promise<boolean>;

  /** The newest page, or the one before `before`; oldest first within it. Undefined when there is no such conversation. */
  listMessages(userId: string, conversationId: string, page: Page): Promise<Messages | undefined>;

  /** Whether the conversation exists. */
  hasConversation(userId: string, id: string): Promise<boolean>;

  /**
   * Rows newer than the cursor in commit order, each row once in its newest form; without a cursor from the beginning. The
   * rows of one commit come in one page, which may hold a few more than `limit` for it. `settings` when they are newer too.
   * Fails with ApiError `bad_request` when the cursor is not one of ours.
   */
  changes(userId: string, query: { after?: string; limit: number }): Promise<Changes>;

  /** The cursor of the newest change; undefined before the first. */
  cursor(userId: string): Promise<string | undefined>;

  /**
   * Calls back with the newest cursor after each commit that changed this user's history or settings, in whichever process
   * of the server; calls for commits in a row may be one. Own commits are told before their write resolves. Returns the end
   * of it.
   */
  watch(userId: string, onChange: (cursor: string) => void): () => void;

  /** Full-text search in titles and texts, best first; also in languages without spaces. The snippet is plain text. */
  search(userId: string, query: { q: string; limit: number }): Promise<SearchHit[]>;

  /** The tools (`server__tool`) that the person allowed always. */
  allowedTools(userId: string): Promise<ReadonlySet<string>>;

  allowTool(userId: string, tool: string): Promise<void>;

  /** What belongs to the person and not to a device; empty at first. */
  settings(userId: string): Promise<PersonSettings>;

  /** The settings as they are then. A patch that changes nothing makes no change. */
  patchSettings(userId: string, patch: SettingsPatch): Promise<PersonSettings>;

  /** Resolves when the store can write; rejects with the reason otherwise. For GET /ready. */
  check(): Promise<void>;

  close(): Promise<void>;
}

/** `before` is an opaque cursor that a former page returned; `limit` is 1-200. */
export type Page = { before?: string; limit: number };

export type TurnPlace = {
  turnId: string;
  conversationId: string;
  parentId: string | null;
  userMessageId: string;
};

export type OpenTurn = TurnPlace & {
  assistantMessageId: string;
  question: readonly QuestionPart[];
  /** Taken when the conversation is new. */
  title: string;
  /** ISO 8601, UTC. */
  createdAt: string;
};
