import { browser } from "wxt/browser";
import type { Clock } from "../api/clock.ts";
import type { Pages } from "../keeper/requests/deps.ts";
import { capturePage } from "../page/capture-page.ts";
import { pageInfoOf } from "../page/page-access.ts";

/** The active tabs of the browser's windows. */
export function createPages(clock: Clock): Pages {
  return {
    info: async (windowId) => pageInfoOf(await activeTab(windowId)),
    capture: async (windowId) => capturePage({ tab: await activeTab(windowId), extract, clock }),
  };
}

async function activeTab(windowId: number) {
  const [tab] = await browser.tabs.query({ active: true, windowId });
  return tab;
}

/** The script runs in the isolated world: what the page did to its own prototypes is not there. */
async function extract(tabId: number): Promise<unknown> {
  const [injection] = await browser.scripting.executeScript({
    target: { tabId },
    files: ["/extract-page.js"],
    injectImmediately: true,
  });
  return injection?.result;
}
