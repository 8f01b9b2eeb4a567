import type { Conversation } from "../protocol/messages.ts";

type GroupName = "Pinned" | "Today" | "Yesterday" | "Older";
export type ConversationGroup<Row extends Conversation> = { name: GroupName; rows: Row[] };

/** The list under its headings, in the order of the list; empty groups are left out. Days are those of the person's clock. */
export function groupConversations<Row extends Conversation>(
  rows: readonly Row[],
  now: Date,
): ConversationGroup<Row>[] {
  const today = startOfDay(now, 0);
  const yesterday = startOfDay(now, -1);
  const nameOf = ({ pinned, updatedAt }: Row): GroupName => {
    if (pinned) return "Pinned";
    const time = Date.parse(updatedAt);
    return time >= today ? "Today" : time >= yesterday ? "Yesterday" : "Older";
  };
  const groups = Map.groupBy(rows, nameOf);
  return NAMES.flatMap((name) => {
    const members = groups.get(name);
    return members ? [{ name, rows: members }] : [];
  });
}

const NAMES = ["Pinned", "Today", "Yesterday", "Older"] as const;

/** Through the calendar, because a day may have 23 or 25 hours. */
function startOfDay(now: Date, days: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime();
}
