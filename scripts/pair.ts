import type { LaunchedBrowser } from "./launch-browser.ts";
import { evaluateInWorker } from "./side-panel.ts";

/** Pairs the extension as a person would by code: writes the settings that lib/settings.ts names. */
export async function pair(browser: LaunchedBrowser, settings: { serverUrl: string; token: string }): Promise<void> {
  await evaluateInWorker(browser, `chrome.storage.local.set(${JSON.stringify(settings)})`);
}
