import { browser } from "wxt/browser";
import type { WebAuth } from "./google.ts";

/** The browser's own window for signing in elsewhere. The manifest must have the permission `identity`. */
export function browserWebAuth(): WebAuth {
  return {
    redirectUrl: browser.identity.getRedirectURL("clerk"),
    async launch(url) {
      const back = await browser.identity.launchWebAuthFlow({ url, interactive: true });
      if (back === undefined) throw new Error("The window gave no address.");
      return back;
    },
  };
}
