import { browser } from "wxt/browser";

/**
 * All that only Chrome can do. `sidePanel.open` must be called in the very handler of a click, before anything is
 * awaited; the click on the icon then grants the page (`openPanelOnActionClick` would not).
 */
export function openPanel(windowId: number): Promise<void> {
  return browser.sidePanel.open({ windowId });
}

/** Opens it in the window that was used last, and brings that to the front. The same rule of the click holds. */
export async function openPanelInLastWindow(): Promise<void> {
  await openPanel(browser.windows.WINDOW_ID_CURRENT);
  const { id } = await browser.windows.getLastFocused();
  if (id !== undefined) await browser.windows.update(id, { focused: true });
}

/** The icon and its shortcut. */
export function onIconClicked(listener: (windowId: number) => void): void {
  browser.action.onClicked.addListener((tab) => listener(tab.windowId));
}
