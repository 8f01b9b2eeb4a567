import type { KeeperState, PendingQuestion } from "../messaging/keeper-state.ts";
import type { Conversation } from "../protocol/messages.ts";

/** A row of the list. `unsent`: only this device knows the conversation, because its first question is not taken yet. */
export type ListedConversation = Conversation & { unsent?: PendingQuestion };

/** Conversations that only the outbox knows, as rows for the list. Derived: nothing of them is stored. */
export function unsentConversations({
  conversations,
  pending,
}: Pick<KeeperState, "conversations" | "pending">): ListedConversation[] {
  const unborn = Object.values(pending).filter(({ turn }) => !(turn.conversationId in conversations));
  const byConversation = Map.groupBy(unborn, ({ turn }) => turn.conversationId);
  return [...byConversation].flatMap(([id, questions]) => {
    const [first] = questions.toSorted((a, b) => a.askedAt.localeCompare(b.askedAt));
    return first ? [rowOf(id, first)] : [];
  });
}

/** The beginning of a question's text, which stands for the title until the server has made one. */
export function firstWords({ turn }: Pick<PendingQuestion, "turn">): string {
  return turn.message.parts.find((part) => part.type === "text")?.text.slice(0, 120) ?? "";
}

function rowOf(id: string, unsent: PendingQuestion): ListedConversation {
  const { askedAt } = unsent;
  const at = { createdAt: askedAt, updatedAt: askedAt };
  return { id, title: firstWords(unsent), pinned: false, archived: false, unread: false, ...at, unsent };
}
