import { browser } from "wxt/browser";
import type { Badge } from "../keeper/badge.ts";
import type { Notice } from "../keeper/notice.ts";

/** The alarm that wakes a worker which died while a turn ran. Half a minute is the shortest period that Chrome takes. */
export const wakeAlarm = {
  start: () => void browser.alarms.create(ALARM, { periodInMinutes: 0.5 }),
  stop: () => void browser.alarms.clear(ALARM),
};

/** Shows a badge on the icon. */
export function showBadge(badge: Badge): void {
  const text = badge.kind === "running" ? String(badge.count) : badge.kind === "unread" ? "•" : "";
  void browser.action.setBadgeText({ text });
  if (badge.kind !== "none") void browser.action.setBadgeBackgroundColor({ color: COLOURS[badge.kind] });
}

/** Tells of an ended answer. One notification for each conversation: a newer one takes its place. */
export function notify({ conversationId, title, message }: Notice): void {
  const iconUrl = browser.runtime.getURL("/icon/128.png");
  void browser.notifications.create(conversationId, { type: "basic", iconUrl, title, message });
}

/** Takes back all notices: they are those of one person. */
export async function clearNotices(): Promise<void> {
  const shown = Object.keys(await browser.notifications.getAll());
  await Promise.all(shown.map((id) => browser.notifications.clear(id)));
}

const ALARM = "wake";
const COLOURS = { running: "#0f766e", unread: "#b45309" };
