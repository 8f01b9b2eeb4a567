import type { KeeperState, LiveTurn, PendingQuestion } from "../messaging/keeper-state.ts";
import { messageOfTurn } from "../protocol/message-of-turn.ts";
import type { Message } from "../protocol/messages.ts";
import { choiceKey, type OpenView } from "./chat-state.ts";
import { type MessageTree, type RowTree, treeOfRows, withMessages } from "./message-tree.ts";

/** One message of the branch that is shown. */
export type ThreadItem = {
  message: Message;
  /** The question is on its way, or was refused. */
  pending?: PendingQuestion;
  /** All questions asked at this place, oldest first; `message` is one of them. Alone when there was only one. */
  alternatives: readonly string[];
};

/** The branch of the conversation that is shown, from its first message to its last, running answers as they stand. */
export function threadOf(view: OpenView, keeper: KeeperState): readonly ThreadItem[] {
  const rows = treeOfRows(view.messages);
  const saved = savedBranch(view, rows);
  const added = liveMessages(view, keeper, rows);
  const pending = Object.values(keeper.pending);
  if (added.length === 0 && pending.length === 0) return saved.items;
  const tree = withMessages(rows, added);
  // Above the first place that differs from what is saved the branch is the saved one: a running answer below 2,000
  // messages costs no more than below two.
  const from = Math.min(
    tree.below(null) === rows.below(null) ? saved.items.length : 0,
    ...added.map((message) => placeOf(message, saved, tree)),
    ...pending.map(({ turn }) => saved.places.get(turn.message.id) ?? saved.items.length),
  );
  const before = saved.items.slice(0, from);
  return [...before, ...branchBelow(before.at(-1)?.message.id ?? null, tree, view.choices, keeper.pending)];
}

function* branchBelow(
  parent: string | null,
  tree: MessageTree,
  choices: OpenView["choices"],
  pending: KeeperState["pending"],
): Generator<ThreadItem> {
  for (let parentId = parent; ; ) {
    const siblings = tree.below(parentId);
    const message = chosenOf(siblings, choices[choiceKey(parentId)]);
    if (!message) return;
    const waiting = message.role === "user" ? pending[message.turnId] : undefined;
    yield { message, pending: waiting, alternatives: siblings.map(({ id }) => id) };
    parentId = message.id;
  }
}

/** The newest, unless the person chose another. */
function chosenOf(siblings: readonly Message[], chosen: string | undefined): Message | undefined {
  return siblings.find(({ id }) => id === chosen) ?? siblings.at(-1);
}

type SavedBranch = { items: readonly ThreadItem[]; places: ReadonlyMap<string, number> };

/** The branch as it would be if nothing were running. A view is replaced when it changes, so one is read once. */
function savedBranch(view: OpenView, rows: MessageTree): SavedBranch {
  const known = SAVED.get(view);
  if (known) return known;
  const items = [...branchBelow(null, rows, view.choices, {})];
  const branch = { items, places: new Map(items.map(({ message }, index) => [message.id, index])) };
  SAVED.set(view, branch);
  return branch;
}

const SAVED = new WeakMap<OpenView, SavedBranch>();

/** The first place of the saved branch that this message may change; behind its end when there is none. */
function placeOf({ id, parentId }: Message, { items, places }: SavedBranch, tree: MessageTree): number {
  const own = places.get(id);
  if (own !== undefined) return own;
  if (parentId === null || tree.get(parentId) === undefined) return 0;
  return (places.get(parentId) ?? items.length) + 1;
}

/** The questions that are on their way and the running answers as they are now. */
function liveMessages(view: OpenView, keeper: KeeperState, rows: RowTree): Message[] {
  const isShown = ({ conversationId }: { conversationId: string }) => conversationId === view.conversationId;
  const asked = Object.values(keeper.pending)
    .filter(({ turn }) => isShown(turn) && !rows.get(turn.message.id))
    .map(({ turn, askedAt }) => questionOf(turn, askedAt));
  const answers = Object.values(keeper.turns)
    .filter(isShown)
    .flatMap((turn) => liveAnswer(turn, rows, asked) ?? []);
  return [...asked, ...answers];
}

function questionOf(turn: PendingQuestion["turn"], createdAt: string): Message {
  const { turnId, conversationId, parentId, message } = turn;
  return { ...message, conversationId, parentId, turnId, role: "user", status: "complete", createdAt };
}

/** Undefined until the turn has begun and its question is here, and when the row says already how the turn ended. */
function liveAnswer({ turnId, state }: LiveTurn, rows: RowTree, asked: readonly Message[]): Message | undefined {
  const { messageId } = state;
  if (messageId === undefined) return undefined;
  const row = rows.get(messageId);
  if (row && row.status !== "streaming") return undefined;
  const base = row ?? rows.question(turnId) ?? asked.find((question) => question.turnId === turnId);
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
