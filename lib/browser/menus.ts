import { browser } from "wxt/browser";
import type { Intent } from "../messaging/catalogue.ts";

/** Puts the entries into the context menu. Called when the extension was installed: browsers keep them. */
export function createMenus(): void {
  browser.contextMenus.removeAll(() => {
    browser.contextMenus.create({ id: PAGE, title: "Ask Sidestream about this page", contexts: ["page"] });
    browser.contextMenus.create({ id: SELECTION, title: "Ask Sidestream about “%s”", contexts: ["selection"] });
  });
}

/** Calls back with the window and what was chosen there. */
export function onMenuChosen(listener: (windowId: number, intent: Intent) => void): void {
  browser.contextMenus.onClicked.addListener((info, tab) => {
    const { menuItemId: id } = info;
    if (tab && (id === PAGE || id === SELECTION)) listener(tab.windowId, id);
  });
}

const PAGE = "ask-page" satisfies Intent;
const SELECTION = "ask-selection" satisfies Intent;
