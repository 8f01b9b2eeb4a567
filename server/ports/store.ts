import type { Conversation, Message, QuestionPart } from "../../lib/protocol/messages.ts";
import type { ConversationPatch } from "../../lib/protocol/requests.ts";
import type { Changes, Conversations, Messages, SearchHit } from "../../lib/protocol/responses.ts";

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

  /** The changed row, or undefined when there is none. */
  patchConversation(userId: string, id: string, patch: ConversationPatch): Promise<Conversation | undefined>;

  /** Deletes the conversation with its messages and leaves one tombstone. False when there is none. */
  deleteConversation(userId: string, id: string): Promise<boolean>;

  /** The newest page, or the one before `before`; oldest first within it. Undefined when there is no such conversation. */
  listMessages(userId: string, conversationId: string, page: Page): Promise<Messages | undefined>;

  /** Whether the conversation exists. */
  hasConversation(userId: string, id: string): Promise<boolean>;

  /**
   * Rows newer than the cursor in commit order, each row once in its newest form; without a cursor from the beginning.
   * Fails with ApiError `bad_request` when the cursor is not one of ours.
   */
  changes(userId: string, query: { after?: string; limit: number }): Promise<Changes>;

  /** The cursor of the newest change; undefined before the first. */
  cursor(userId: string): Promise<string | undefined>;

  /** Calls back with the newest cursor after each commit that changed this user's history. Returns the end of it. */
  watch(userId: string, onChange: (cursor: string) => void): () => void;

  /** Full-text search in titles and texts, best first; also in languages without spaces. The snippet is plain text. */
  search(userId: string, query: { q: string; limit: number }): Promise<SearchHit[]>;

  /** The tools (`server__tool`) that the person allowed always. */
  allowedTools(userId: string): Promise<ReadonlySet<string>>;

  allowTool(userId: string, tool: string): Promise<void>;

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
