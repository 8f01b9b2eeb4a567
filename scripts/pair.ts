import type { LaunchedBrowser } from "./launch-browser.ts";
import { evaluateInWorker } from "./side-panel.ts";

/** Where the server is and the token that pairing gave, if it pairs: settings that lib/settings.ts names. */
export type Pairing = { serverUrl: string; token?: string | undefined };

/** Pairs the extension in Chromium as a person would by code. */
export async function pair(browser: LaunchedBrowser, pairing: Pairing): Promise<void> {
  await evaluateInWorker(browser, pairingOf(pairing));
}

/** The same as an expression for the background of any browser. */
export function pairingOf(pairing: Pairing): string {
  return `chrome.storage.local.set(${JSON.stringify(pairing)})`;
}
