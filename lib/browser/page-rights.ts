import { browser } from "wxt/browser";

/**
 * Calls back with each window when the person gave the right to read pages or took it back, which Firefox lets them do
 * with every one at any time, those of the manifest included.
 */
export function onPageRightsChanged(listener: (windowId: number) => void, onFault: (error: unknown) => void): void {
  const tellAll = async () => {
    for (const { id } of await browser.windows.getAll()) if (id !== undefined) listener(id);
  };
  for (const event of [browser.permissions.onAdded, browser.permissions.onRemoved]) {
    event.addListener(() => void tellAll().catch(onFault));
  }
}
