import { browser } from "wxt/browser";

/**
 * Where the panel is shown is what Chrome and Firefox differ in most. Chrome has a side panel for each window, Firefox a
 * sidebar that opens in the active one, with no name in WXT's types. Both open it only in the very handler of a click,
 * before anything is awaited; the click on the icon then grants the page (Chrome's `openPanelOnActionClick` would not).
 */
export function openPanel(windowId: number): Promise<void> {
  return hasSidebar(browser) ? browser.sidebarAction.open() : browser.sidePanel.open({ windowId });
}

/** What the icon does: Chrome closes an open side panel by itself. */
export function togglePanel(windowId: number): Promise<void> {
  return hasSidebar(browser) ? browser.sidebarAction.toggle() : openPanel(windowId);
}

/**
 * Opens it in the window that was used last, and brings that to the front. The same rule of the click holds, and a click
 * on a notification is none for Firefox: there only an open sidebar shows what the notification told of.
 */
export async function openPanelInLastWindow(): Promise<void> {
  if (!hasSidebar(browser)) await openPanel(browser.windows.WINDOW_ID_CURRENT);
  const { id } = await browser.windows.getLastFocused();
  if (id !== undefined) await browser.windows.update(id, { focused: true });
}

/** The icon and its shortcut. */
export function onIconClicked(listener: (windowId: number) => void): void {
  browser.action.onClicked.addListener((tab) => listener(tab.windowId));
}

type Sidebar = { open(): Promise<void>; toggle(): Promise<void> };

function hasSidebar(api: object): api is { sidebarAction: Sidebar } {
  return "sidebarAction" in api;
}
