import type { BrowserName } from "./build.ts";
import { launchBrowser } from "./launch-browser.ts";
import { launchFirefox } from "./launch-firefox.ts";
import { type Pairing, pair, pairingOf } from "./pair.ts";
import { serveSamplePage } from "./sample-page.ts";
import { triggerAction } from "./side-panel.ts";
import { evaluateInBackground, openSidebar } from "./sidebar.ts";

export type OpenOptions = { executablePath: string; extensionDir: string; profileDir: string; pairing: Pairing };

/** Open a window with the sample article and the panel beside it, paired; resolve with the end of both. */
export const OPENERS: Readonly<Record<BrowserName, (options: OpenOptions) => Promise<() => Promise<void>>>> = {
  async chrome({ pairing, ...options }) {
    const page = await serveSamplePage();
    const browser = await launchBrowser({ ...options, headless: false, panelWidth: 400, url: page.url });
    await pair(browser, pairing);
    await triggerAction(browser, page.url);
    return async () => {
      page.close();
      await browser.close();
    };
  },

  async firefox({ pairing, ...options }) {
    const page = await serveSamplePage();
    const firefox = await launchFirefox({ ...options, headless: false, url: page.url });
    await evaluateInBackground(firefox, pairingOf(pairing));
    await openSidebar(firefox);
    return async () => {
      page.close();
      await firefox.close();
    };
  },
};
