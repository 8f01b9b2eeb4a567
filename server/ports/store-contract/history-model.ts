import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { ConversationPatch, SettingsPatch } from "../../../lib/protocol/requests.ts";
import type { PersonSettings } from "../../../lib/protocol/responses.ts";
import type { OpenTurn, TurnPlace } from "../store.ts";
import { emptyAnswerOf, questionOf } from "./samples.ts";

/** What every store must come to, said in the shortest way: rows in arrays, nothing paged, nothing indexed. */
export class HistoryModel {
  readonly #conversations = new Map<string, KnownConversation>();
  readonly #messages = new Map<string, { owner: string; row: Message }>();
  readonly #deleted = new Map<string, string>();
  readonly #settings = new Map<string, PersonSettings>();

  check(userId: string, turn: TurnPlace): "ok" | "not-found" | "message-taken" {
    const { conversationId, turnId, userMessageId, parentId } = turn;
    if (this.#deleted.has(conversationId)) return "not-found";
    if ((this.#conversations.get(conversationId)?.owner ?? userId) !== userId) return "not-found";
    const question = this.#messages.get(userMessageId)?.row;
    if (question !== undefined) {
      const isThisTurn = question.turnId === turnId && question.conversationId === conversationId;
      return isThisTurn && question.role === "user" ? "ok" : "message-taken";
    }
    if ([...this.#messages.values()].some(({ row }) => row.turnId === turnId)) return "not-found";
    return parentId === null || this.#messages.get(parentId)?.row.conversationId === conversationId
      ? "ok"
      : "not-found";
  }

  open(userId: string, turn: OpenTurn): void {
    if (this.check(userId, turn) !== "ok" || this.#messages.has(turn.userMessageId)) return;
    const { conversationId: id, title, createdAt } = turn;
    const known = this.#conversations.get(id);
    const fresh = { id, title, pinned: false, archived: false, unread: false, createdAt, updatedAt: createdAt };
    if (known) known.row = movedTo(known.row, createdAt);
    else this.#conversations.set(id, { owner: userId, row: fresh, lastEnded: "", readUpTo: "" });
    for (const row of [questionOf(turn), emptyAnswerOf(turn)]) this.#messages.set(row.id, { owner: userId, row });
  }

  saveAnswer(userId: string, answer: Message, now: string): void {
    const saved = this.#messages.get(answer.id);
    if (saved?.owner !== userId || saved.row.status !== "streaming") return;
    saved.row = answer;
    const conversation = this.#conversations.get(answer.conversationId);
    if (conversation === undefined) return;
    if (answer.id > conversation.lastEnded) conversation.lastEnded = answer.id;
    conversation.row = markedBy(conversation, movedTo(conversation.row, now));
  }

  patch(userId: string, id: string, patch: ConversationPatch): Conversation | undefined {
    const conversation = this.#conversations.get(id);
    if (conversation?.owner !== userId) return undefined;
    const { readUpTo = "", ...shown } = patch;
    const isOfIt = this.#messages.get(readUpTo)?.row.conversationId === id;
    if (isOfIt && readUpTo > conversation.readUpTo) conversation.readUpTo = readUpTo;
    conversation.row = markedBy(conversation, { ...conversation.row, ...shown });
    return conversation.row;
  }

  remove(userId: string, id: string): boolean {
    if (this.#conversations.get(id)?.owner !== userId) return false;
    this.#conversations.delete(id);
    this.#deleted.set(id, userId);
    for (const [messageId, { row }] of this.#messages) {
      if (row.conversationId === id) this.#messages.delete(messageId);
    }
    return true;
  }

  patchSettings(userId: string, { model }: SettingsPatch): PersonSettings {
    const before = this.settingsOf(userId);
    const after = model === undefined ? before : model === null ? {} : { model };
    this.#settings.set(userId, after);
    return after;
  }

  settingsOf(userId: string): PersonSettings {
    return this.#settings.get(userId) ?? {};
  }

  conversationsOf(userId: string): Conversation[] {
    return [...this.#conversations.values()].filter(({ owner }) => owner === userId).map(({ row }) => row);
  }

  /** In the order in which they came. */
  messagesOf(userId: string): Message[] {
    return [...this.#messages.values()].filter(({ owner }) => owner === userId).map(({ row }) => row);
  }

  deletedOf(userId: string): string[] {
    return [...this.#deleted].filter(([, owner]) => owner === userId).map(([id]) => id);
  }

  pathOf(userId: string, messageId: string): Message[] {
    const message = this.#messages.get(messageId);
    if (message?.owner !== userId) return [];
    const { parentId } = message.row;
    return [...(parentId === null ? [] : this.pathOf(userId, parentId)), message.row];
  }
}

type KnownConversation = { owner: string; row: Conversation; lastEnded: string; readUpTo: string };

function markedBy({ lastEnded, readUpTo }: KnownConversation, row: Conversation): Conversation {
  return { ...row, unread: lastEnded > readUpTo };
}

function movedTo(conversation: Conversation, at: string): Conversation {
  return at > conversation.updatedAt ? { ...conversation, updatedAt: at } : conversation;
}
