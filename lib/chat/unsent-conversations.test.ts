import { describe, expect, it } from "vitest";
import type { PendingQuestion } from "../messaging/keeper-state.ts";
import type { Conversation } from "../protocol/messages.ts";
import { listedConversations } from "./selectors.ts";

describe("conversations that only this device knows", () => {
  it("are listed among the others, by the time of their first question and with its first words", () => {
    const conversations = byId([known(1, "2026-03-01T10:00:00Z"), known(2, "2026-03-01T08:00:00Z")]);
    const pending = byTurn([
      asked({ turn: 31, conversation: 3, text: "What does it cost?", at: "2026-03-01T09:00:00Z" }),
      asked({ turn: 32, conversation: 3, text: "And who paid?", at: "2026-03-01T09:30:00Z" }),
    ]);
    const rows = listedConversations({ conversations, pending });
    expect(rows.map(({ id, title, unsent }) => [id, title, unsent?.status])).toEqual([
      [idOf(1), "Known 1", undefined],
      [idOf(3), "What does it cost?", "waiting"],
      [idOf(2), "Known 2", undefined],
    ]);
    expect(listedConversations({ conversations, pending }, { archived: true })).toEqual([]);
  });

  it("are rows of the server once it has them, whatever still waits there", () => {
    const conversations = byId([known(1, "2026-03-01T10:00:00Z")]);
    const pending = byTurn([asked({ turn: 11, conversation: 1, text: "More", at: "2026-03-01T11:00:00Z" })]);
    expect(listedConversations({ conversations, pending })).toEqual([conversations[idOf(1)]]);
  });
});

function idOf(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

function known(number: number, updatedAt: string): Conversation {
  const title = `Known ${number}`;
  return { id: idOf(number), title, pinned: false, archived: false, unread: false, createdAt: updatedAt, updatedAt };
}

function asked(question: { turn: number; conversation: number; text: string; at: string }): PendingQuestion {
  const message = { id: idOf(question.turn + 100), parts: [{ type: "text" as const, text: question.text }] };
  const conversationId = idOf(question.conversation);
  const turn = { turnId: idOf(question.turn), conversationId, parentId: null, message };
  return { turn, status: "waiting", askedAt: question.at };
}

function byId(rows: readonly Conversation[]): Record<string, Conversation> {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

function byTurn(questions: readonly PendingQuestion[]): Record<string, PendingQuestion> {
  return Object.fromEntries(questions.map((question) => [question.turn.turnId, question]));
}
