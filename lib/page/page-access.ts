import type { PageInfo } from "../messaging/catalogue.ts";

/** What the browser tells of a tab; address and title only where the page is granted. */
export type PageTab = { id?: number | undefined; url?: string | undefined; title?: string | undefined };

/** The address of a page that is not granted is hidden, so no narrower pattern can be named. */
export const ALL_PAGES = "*://*/*";

/** Pure: what can be known of a page before it is read. A browser that hides the address has not granted the page. */
export function pageInfoOf(tab: PageTab | undefined): PageInfo {
  if (!tab?.id) return { access: "never" };
  const { url, title } = tab;
  if (!url) return { access: "ask" };
  return { url, ...(title !== undefined && { title }), access: isClosed(url) ? "never" : "granted" };
}

/** Whether browsers keep extensions out of this address, whatever the person grants. */
export function isClosed(address: string): boolean {
  const url = new URL(address);
  if (!["http:", "https:", "file:"].includes(url.protocol)) return true;
  return STORES.some(([host, path]) => url.hostname === host && url.pathname.startsWith(path));
}

/** Whether this failure of an injection means that the page is closed to extensions for good: browsers tell it in words only. */
export function isClosedBy(message: string): boolean {
  return /chrome:\/\/|chrome-extension:|about:|extensions gallery|view-source|devtools/i.test(message);
}

const STORES = [
  ["chromewebstore.google.com", "/"],
  ["chrome.google.com", "/webstore"],
  ["microsoftedge.microsoft.com", "/addons"],
  ["addons.mozilla.org", "/"],
] as const;
