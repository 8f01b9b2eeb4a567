import { browser } from "wxt/browser";
import { defineBackground } from "wxt/utils/define-background";
import { systemClock } from "../../lib/api/clock.ts";
import { createMenus, onMenuChosen } from "../../lib/browser/menus.ts";
import { onIconClicked, openPanel, openPanelInLastWindow, togglePanel } from "../../lib/browser/open-panel.ts";
import { onPageRightsChanged } from "../../lib/browser/page-rights.ts";
import { clearNotices, notify, showBadge, wakeAlarm } from "../../lib/browser/signals.ts";
import { openCache } from "../../lib/cache/cache.ts";
import { deleteCaches } from "../../lib/cache/delete-caches.ts";
import { createKeeper } from "../../lib/keeper/keeper.ts";
import { PANEL_PORT } from "../../lib/messaging/catalogue.ts";
import { createPages } from "../../lib/page/pages.ts";
import { createSettings } from "../../lib/settings.ts";
import { createIdentity } from "./identity.ts";
import { serverAccess } from "./server-access.ts";

/** Every listener is added before the first turn of the event loop ends: a worker that is woken gets the event only then. */
export default defineBackground(() => {
  const fetch = globalThis.fetch.bind(globalThis);
  const onFault = (error: unknown) => console.warn("Sidestream:", error);
  const settings = createSettings(browser.storage, { serverUrl: import.meta.env.WXT_SERVER_URL || undefined });
  const keeper = createKeeper({
    settings,
    server: serverAccess(fetch),
    identity: createIdentity({ settings, fetch, onFault }),
    clock: systemClock,
    openCache,
    deleteCaches,
    pages: createPages(systemClock),
    showBadge,
    notify,
    clearNotices,
    touch: () => browser.runtime.getPlatformInfo(),
    alarm: wakeAlarm,
    onFault,
  });

  browser.runtime.onConnect.addListener((port) => {
    if (port.name === PANEL_PORT) keeper.connect(port);
  });
  browser.runtime.onInstalled.addListener(createMenus);
  // Nothing to do in these: the worker that they wake has started its keeper.
  browser.runtime.onStartup.addListener(() => undefined);
  browser.alarms.onAlarm.addListener(() => undefined);

  // In these handlers nothing may be awaited before the panel is asked to open: the click would count no more.
  onIconClicked((windowId) => {
    togglePanel(windowId).catch(onFault);
    keeper.pageChanged(windowId);
  });
  onMenuChosen((windowId, intent) => {
    openPanel(windowId).catch(onFault);
    keeper.intend(windowId, intent);
    keeper.pageChanged(windowId);
  });
  browser.notifications.onClicked.addListener((conversationId) => {
    openPanelInLastWindow().catch(onFault);
    keeper.showNext(conversationId);
    void browser.notifications.clear(conversationId);
  });

  browser.tabs.onActivated.addListener(({ windowId }) => keeper.pageChanged(windowId));
  browser.tabs.onUpdated.addListener((_, change, tab) => {
    if (tab.active && (change.status || change.title || change.url)) keeper.pageChanged(tab.windowId);
  });
  onPageRightsChanged(keeper.pageChanged, onFault);
});
