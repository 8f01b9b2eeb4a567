import { browser } from "wxt/browser";

/**
 * All that only Chrome can do. `sidePanel.open` must be called in the very handler of a click, before anything is
 * awaited; the click on the icon then grants the page (`openPanelOnActionClick` would not).
 */
export function openPanel(windowId: number): Promise<void> {
  return browser.sidePanel.open({ windowId });
}

/** The icon and its shortcut. */
export function onIconClicked(listener: (windowId: number) => void): void {
  browser.action.onClicked.addListener((tab) => listener(tab.windowId));
}
