import { randomUUIDv7 } from "node:crypto";
import type { Conversation, Message } from "../../../lib/protocol/messages.ts";
import type { Change, PersonSettings } from "../../../lib/protocol/responses.ts";
import type { OpenTurn, Store } from "../store.ts";

/** Opens an empty store. `now` is its clock: what a finished answer sets as its conversation's `updatedAt`. */
export type OpenStore = (options: StoreOptions) => Promise<Store>;
export type StoreOptions = { now: () => Date };

export const ALICE = "user_alice";
export const BOB = "user_bob";

/** Every number of rows that a page is cut at in the tests. */
export const LIMITS_TRIED = [1, 7, 25, 26];

/** How many rows a page of changes may hold beyond its limit, because it cuts no commit. */
const A_FEW = 8;

/** A test with a store of its own, whose clock stands at `timeAt(NOW)`. */
export function withStore(open: OpenStore, test: (store: Store) => Promise<void>): () => Promise<void> {
  return async () => {
    const store = await open({ now: () => new Date(timeAt(NOW)) });
    try {
      await test(store);
    } finally {
      await store.close();
    }
  };
}

/** Seconds after the first time of the tests at which the clock of `withStore` stands. */
export const NOW = 10_000;

/** A time that many seconds after the first time of the tests. */
export function timeAt(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
}

/** A new UUIDv7; later ones are greater. Its first half is this run's own, for stores that outlive the suite. */
export function newId(): string {
  lastId += 1;
  return `${RUN}-${lastId.toString(16).padStart(12, "0")}`;
}
let lastId = 0;
const RUN = randomUUIDv7().slice(0, 23);

/** A turn that begins a conversation, but for what is given. */
export function turnOf(given: Partial<OpenTurn> = {}): OpenTurn {
  return {
    turnId: newId(),
    conversationId: newId(),
    parentId: null,
    userMessageId: newId(),
    assistantMessageId: newId(),
    question: [{ type: "text", text: "What is this page about?" }],
    title: "What is this page about?",
    createdAt: timeAt(0),
    ...given,
  };
}

/** A turn that goes on after the answer of `before`. */
export function turnAfter(before: OpenTurn, given: Partial<OpenTurn> = {}): OpenTurn {
  const { conversationId, assistantMessageId: parentId } = before;
  return turnOf({ conversationId, parentId, ...given });
}

/** The question as the store has it. */
export function questionOf(turn: OpenTurn): Message {
  const { userMessageId: id, conversationId, parentId, turnId, createdAt, question } = turn;
  return { id, conversationId, parentId, turnId, role: "user", parts: [...question], status: "complete", createdAt };
}

/** The answer as the store has it before its end. */
export function emptyAnswerOf(turn: OpenTurn): Message {
  const { assistantMessageId: id, conversationId, userMessageId: parentId, turnId, createdAt } = turn;
  return { id, conversationId, parentId, turnId, role: "assistant", parts: [], status: "streaming", createdAt };
}

/** A finished answer with this text. */
export function answerOf(turn: OpenTurn, text = "About foxes.", given: Partial<Message> = {}): Message {
  return { ...emptyAnswerOf(turn), parts: [{ type: "text", text }], status: "complete", model: "demo", ...given };
}

/** A conversation of this many turns, one after the other, each answered. */
export async function haveConversation(store: Store, userId: string, turns: number): Promise<OpenTurn[]> {
  const made: OpenTurn[] = [];
  for (let index = 0; index < turns; index += 1) {
    const last = made.at(-1);
    const turn = last ? turnAfter(last, { createdAt: timeAt(index) }) : turnOf();
    await store.openTurn(userId, turn);
    await store.saveAnswer(userId, answerOf(turn, `Answer ${index}`));
    made.push(turn);
  }
  return made;
}

/** The whole list, read by pages of `limit`. */
export async function allConversations(store: Store, userId: string, limit: number): Promise<Conversation[]> {
  const read: Conversation[] = [];
  let before: string | undefined;
  do {
    const page = await store.listConversations(userId, { limit, ...(before !== undefined && { before }) });
    if (page.conversations.length > limit) throw new Error(`a page of ${limit} has ${page.conversations.length} rows`);
    read.push(...page.conversations);
    before = movedOn(before, page.before);
  } while (before !== undefined);
  return read;
}

/** All messages of a conversation, oldest first, read by pages of `limit` from the newest page backwards. */
export async function allMessages(store: Store, userId: string, id: string, limit: number): Promise<Message[]> {
  const read: Message[] = [];
  let before: string | undefined;
  do {
    const page = await store.listMessages(userId, id, { limit, ...(before !== undefined && { before }) });
    if (page === undefined) throw new Error(`conversation ${id} does not exist`);
    if (page.messages.length > limit) throw new Error(`a page of ${limit} has ${page.messages.length} rows`);
    read.unshift(...page.messages);
    before = movedOn(before, page.before);
  } while (before !== undefined);
  return read;
}

/** The conversation as the list has it. */
export async function conversationOf(store: Store, userId: string, id: string): Promise<Conversation> {
  const found = (await allConversations(store, userId, 200)).find((row) => row.id === id);
  if (found === undefined) throw new Error(`conversation ${id} is not listed`);
  return found;
}

/** All changes after a cursor, read by pages of `limit`, with the last settings among them and the cursor behind them. */
export async function allChanges(
  store: Store,
  userId: string,
  limit: number,
  after?: string,
): Promise<{ changes: Change[]; settings?: PersonSettings; cursor: string }> {
  const read: Change[] = [];
  let settings: PersonSettings | undefined;
  let cursor = after;
  for (;;) {
    const page = await store.changes(userId, { limit, ...(cursor !== undefined && { after: cursor }) });
    if (page.changes.length > limit + A_FEW) throw new Error(`a page of ${limit} has ${page.changes.length} rows`);
    read.push(...page.changes);
    settings = page.settings ?? settings;
    if (!page.more) return { changes: read, ...(settings && { settings }), cursor: page.cursor };
    cursor = movedOn(cursor, page.cursor);
  }
}

/** A cursor that stands still would be followed for ever, past any test's time limit. */
function movedOn<Cursor extends string | undefined>(from: string | undefined, to: Cursor): Cursor {
  if (to !== undefined && to === from) throw new Error(`the page after ${from} leads to itself`);
  return to;
}
