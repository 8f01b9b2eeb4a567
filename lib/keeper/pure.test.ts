import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { EMPTY_KEEPER, type KeeperState } from "../messaging/keeper-state.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Message } from "../protocol/messages.ts";
import { badgeOf } from "./badge.ts";
import { explain } from "./explain.ts";
import { homeOf } from "./home.ts";
import { noticeOf } from "./notice.ts";

const [a, b, c] = [v7(), v7(), v7()];

describe("badgeOf", () => {
  it.each([
    ["nothing", [], [], { kind: "none" }],
    ["an unread answer", [], [a], { kind: "unread" }],
    ["two running turns and an unread answer", [a, b], [c], { kind: "running", count: 2 }],
  ])("%s", (_, running, unread, badge) => {
    expect(badgeOf(stateOf({ running, unread }))).toEqual(badge);
  });
});

describe("homeOf", () => {
  it.each([
    ["a new one at first", {}, undefined, undefined],
    ["the last one", { read: [a, b] }, a, a],
    ["a new one when the last one was deleted", { read: [b] }, a, undefined],
    ["the running one before the last one", { read: [a], running: [b] }, a, b],
    ["the last one when it runs too", { running: [a, b] }, a, a],
    ["the newest of those that run", { running: [a, c, b] }, undefined, c],
    ["the one whose question waits", { read: [a], pending: [b] }, a, b],
  ])("%s", (_, given, last, home) => {
    expect(homeOf(stateOf(given), last)).toBe(home);
  });
});

describe("noticeOf", () => {
  it("begins with the answer and never cuts a character", () => {
    const { message } = noticeOf(answer({ parts: [{ type: "text", text: `**So**\n\n${"😀".repeat(300)}` }] }), "Title");
    expect(message).toBe(`**So** ${"😀".repeat(133)}…`);
  });

  it("says that there is an answer when it has no text, and why one ended early", () => {
    expect(noticeOf(answer({}), "").message).toBe("The answer is ready.");
    const error = { code: "interrupted", message: "The server stopped.", retryable: true } as const;
    const { message, title } = noticeOf(answer({ status: "interrupted", error }), undefined);
    expect({ message, title }).toEqual({
      message: "The answer ended early. The server stopped.",
      title: "Sidestream",
    });
  });
});

describe("explain", () => {
  it("tells the panel what to do, and nothing of our own faults", () => {
    expect(explain(new Error("The server cannot be reached."), () => true).code).toBe("unreachable");
    expect(explain(new ApiError("not_found", "No such thing."), () => false)).toEqual({
      code: "not_found",
      message: "No such thing.",
    });
    expect(explain(new Error("secret path /x"), () => false).message).not.toContain("secret");
  });
});

type Given = { running?: string[]; unread?: string[]; read?: string[]; pending?: string[] };

/** Turn ids equal the ids of their conversations here. */
function stateOf({ running = [], unread = [], read = [], pending = [] }: Given): KeeperState {
  const row = (id: string, isUnread: boolean) => ({
    id,
    title: id,
    pinned: false,
    archived: false,
    createdAt: TIME,
    updatedAt: TIME,
    unread: isUnread,
  });
  const turn = (id: string) => ({
    turnId: id,
    conversationId: id,
    state: { lastSeq: 1, status: "streaming" as const, parts: [] },
  });
  const question = (id: string) => ({
    turn: {
      turnId: id,
      conversationId: id,
      parentId: null,
      message: { id, parts: [{ type: "text" as const, text: "?" }] },
    },
    status: "waiting" as const,
    askedAt: TIME,
  });
  const conversations = [...unread.map((id) => row(id, true)), ...read.map((id) => row(id, false))];
  return {
    ...EMPTY_KEEPER,
    connection: { status: "online" },
    conversations: Object.fromEntries(conversations.map((conversation) => [conversation.id, conversation])),
    turns: Object.fromEntries(running.map((id) => [id, turn(id)])),
    pending: Object.fromEntries(pending.map((id) => [id, question(id)])),
  };
}

function answer(changes: Partial<Message>): Message {
  return {
    id: a,
    conversationId: b,
    parentId: null,
    turnId: c,
    role: "assistant",
    parts: [],
    status: "complete",
    createdAt: TIME,
    ...changes,
  };
}

const TIME = "2026-01-01T00:00:00.000Z";
