import type { KeeperState, LiveTurn, PendingQuestion } from "../messaging/keeper-state.ts";
import { messageOfTurn } from "../protocol/message-of-turn.ts";
import type { Message } from "../protocol/messages.ts";
import { choiceKey, type OpenView } from "./chat-state.ts";

/** One message of the branch that is shown. */
export type ThreadItem = {
  message: Message;
  /** The question is on its way, or was refused. */
  pending?: PendingQuestion;
  /** All questions asked at this place, oldest first; `message` is one of them. Alone when there was only one. */
  alternatives: readonly string[];
};

/** The branch of the conversation that is shown, from its first message to its last, running answers as they stand. */
export function threadOf(view: OpenView, keeper: KeeperState): ThreadItem[] {
  const messages = withLiveAnswers(view, keeper);
  const children = Map.groupBy(messages.values(), ({ parentId }) =>
    choiceKey(parentId !== null && messages.has(parentId) ? parentId : null),
  );
  const thread: ThreadItem[] = [];
  for (let key = choiceKey(null); ; ) {
    const siblings = (children.get(key) ?? []).toSorted(byAge);
    const message = siblings.find(({ id }) => id === view.choices[key]) ?? siblings.at(-1);
    if (!message) return thread;
    const pending = message.role === "user" ? keeper.pending[message.turnId] : undefined;
    thread.push({ message, pending, alternatives: siblings.map(({ id }) => id) });
    key = message.id;
  }
}

/** The saved rows, with each running turn's answer as it is now in the place of its row. */
function withLiveAnswers(view: OpenView, keeper: KeeperState): Map<string, Message> {
  const messages = new Map(Object.entries(view.messages));
  for (const { turn, askedAt } of Object.values(keeper.pending)) {
    if (turn.conversationId === view.conversationId && !messages.has(turn.message.id)) {
      messages.set(turn.message.id, questionOf(turn, askedAt));
    }
  }
  for (const turn of Object.values(keeper.turns)) {
    if (turn.conversationId !== view.conversationId) continue;
    const answer = liveAnswer(turn, messages);
    if (answer) messages.set(answer.id, answer);
  }
  return messages;
}

function questionOf(turn: PendingQuestion["turn"], createdAt: string): Message {
  const { turnId, conversationId, parentId, message } = turn;
  return { ...message, conversationId, parentId, turnId, role: "user", status: "complete", createdAt };
}

/** Undefined until the turn has begun and its question is here, and when the row says already how the turn ended. */
function liveAnswer({ turnId, state }: LiveTurn, messages: ReadonlyMap<string, Message>): Message | undefined {
  const { messageId } = state;
  if (messageId === undefined) return undefined;
  const row = messages.get(messageId);
  if (row && row.status !== "streaming") return undefined;
  const base = row ?? messages.values().find((message) => message.turnId === turnId && message.role === "user");
  if (!base) return undefined;
  const known = SHOWN.get(state);
  if (known?.base === base) return known.answer;
  const { conversationId, createdAt } = base;
  const frame = row ?? { id: messageId, conversationId, parentId: base.id, turnId, createdAt };
  const answer = messageOfTurn(frame, state);
  SHOWN.set(state, { base, answer });
  return answer;
}

/** A turn's state becomes a message once, so that an answer is rendered again only when it is another one. */
const SHOWN = new WeakMap<LiveTurn["state"], { base: Message; answer: Message }>();

/** By time of creation; ids are UUIDv7 and settle what was made in the same millisecond. */
function byAge(a: Message, b: Message): number {
  return a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id);
}
