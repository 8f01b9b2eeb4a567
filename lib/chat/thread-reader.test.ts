import { describe, expect, it } from "vitest";
import { applyChange, type KeeperChange, type KeeperState } from "../messaging/keeper-state.ts";
import type { Message } from "../protocol/messages.ts";
import { applyPush, type ChatState, EMPTY_CHAT, withOpened } from "./chat-state.ts";
import { createThreadReader } from "./thread-reader.ts";

const CONVERSATION = id(1);
const question: Message = {
  id: id(2),
  conversationId: CONVERSATION,
  parentId: null,
  turnId: id(3),
  role: "user",
  parts: [{ type: "text", text: "Why?" }],
  status: "complete",
  createdAt: "2026-01-01T00:00:00.000Z",
};

describe("createThreadReader", () => {
  it("gives the same items for what did not change, and a new one for the answer that grew", () => {
    const read = createThreadReader();
    const before = read(stateAfter([delta(1, "a")]));
    const now = read(stateAfter([delta(1, "a"), delta(2, "b")]));
    expect(now[0]).toBe(before[0]);
    expect(now[1]).not.toBe(before[1]);
    expect(now[1]?.message.parts).toEqual([{ type: "text", text: "ab" }]);
  });

  it("gives the same list when another conversation grew or the connection changed", () => {
    const read = createThreadReader();
    const state = stateAfter([delta(1, "a")]);
    const before = read(state);
    const elsewhere = push(state, { ...delta(1, "x"), turnId: id(8), conversationId: id(9) });
    expect(read(elsewhere)).toBe(before);
    expect(read(push(elsewhere, { type: "connection", connection: { status: "online" } }))).toBe(before);
  });

  it("is empty without an open conversation", () => {
    expect(createThreadReader()(EMPTY_CHAT)).toEqual([]);
  });
});

/** The first delta brings the beginning of its turn with it. */
function delta(n: number, text: string): Extract<KeeperChange, { type: "turn-events" }> {
  const started = { seq: 1, event: { type: "started" as const, model: "m", messageId: id(4) } };
  const event = { seq: n + 1, event: { type: "text" as const, delta: text } };
  const events = n === 1 ? [started, event] : [event];
  return { type: "turn-events", turnId: question.turnId, conversationId: CONVERSATION, events };
}

const opened = withOpened(
  { ...EMPTY_CHAT, view: { status: "loading", conversationId: CONVERSATION } },
  { conversationId: CONVERSATION, messages: [question], draft: "" },
);

function stateAfter(changes: readonly KeeperChange[]): ChatState {
  const keeper = changes.reduce<KeeperState>(applyChange, opened.keeper);
  return { ...opened, keeper };
}

function push(state: ChatState, change: KeeperChange): ChatState {
  return applyPush(state, { type: "batch", changes: [change] });
}

function id(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
}
