import { browser } from "wxt/browser";
import type { Clock } from "../api/clock.ts";
import type { Pages } from "../keeper/requests/deps.ts";
import { capturePage } from "./capture-page.ts";
import { ALL_PAGES, isClosedBy, pageInfoOf } from "./page-access.ts";

/** The active tabs of the browser's windows. */
export function createPages(clock: Clock): Pages {
  return {
    async info(windowId) {
      const tab = await activeTab(windowId);
      const info = pageInfoOf(tab);
      return info.access === "ask" && tab?.id !== undefined && (await isClosedTab(tab.id)) ? { access: "never" } : info;
    },
    capture: async (windowId) => capturePage({ tab: await activeTab(windowId), mayReadAll, extract, clock }),
  };
}

async function activeTab(windowId: number) {
  const [tab] = await browser.tabs.query({ active: true, windowId });
  return tab;
}

/**
 * The address is hidden where nothing is granted; what an injection ends with still tells a closed page from others: a
 * failure that says so in Chrome, no result in Firefox's own pages. Sites that Firefox keeps to itself it refuses in the
 * words for others: they are closed when all others are open.
 */
async function isClosedTab(tabId: number): Promise<boolean> {
  if (await mayReadAll()) return true;
  try {
    const [injection] = await browser.scripting.executeScript({ target: { tabId }, func: () => 0 });
    return injection?.result !== 0;
  } catch (error) {
    return error instanceof Error && isClosedBy(error.message);
  }
}

function mayReadAll(): Promise<boolean> {
  return browser.permissions.contains({ origins: [ALL_PAGES] });
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
