import { describe, expect, it } from "vitest";
import type { Conversation } from "../protocol/messages.ts";
import { groupConversations } from "./group-conversations.ts";

describe("groupConversations", () => {
  it("divides by the person's days, below what is pinned", () => {
    const now = new Date(2026, 2, 30, 0, 30);
    const rows = [
      row("pinned", new Date(2025, 0, 1), true),
      row("now", now),
      row("midnight", new Date(2026, 2, 30)),
      row("last night", new Date(2026, 2, 29, 23, 59)),
      // The day on which clocks go forward in Europe has 23 hours.
      row("yesterday early", new Date(2026, 2, 29)),
      row("before", new Date(2026, 2, 28, 23, 59)),
    ];
    const groups = groupConversations(rows, now).map(({ name, rows: members }) => [
      name,
      members.map(({ title }) => title),
    ]);
    expect(groups).toEqual([
      ["Pinned", ["pinned"]],
      ["Today", ["now", "midnight"]],
      ["Yesterday", ["last night", "yesterday early"]],
      ["Older", ["before"]],
    ]);
  });

  it("leaves empty groups out", () => {
    expect(groupConversations([], new Date())).toEqual([]);
  });
});

function row(title: string, updatedAt: Date, pinned = false): Conversation {
  const at = updatedAt.toISOString();
  const id = "00000000-0000-7000-8000-000000000001";
  return { id, title, pinned, archived: false, createdAt: at, updatedAt: at, unread: false };
}
