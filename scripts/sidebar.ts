import * as z from "zod";
import type { LaunchedFirefox } from "./launch-firefox.ts";
import { until } from "./until.ts";

/** Presses the extension's icon on the page that is shown: opens the sidebar, or closes it when it is open. */
export async function pressIcon({ bidi, addOnId }: LaunchedFirefox): Promise<void> {
  await bidi.evaluateInBrowser(`(() => {
    const { extension } = WebExtensionPolicy.getByID(${JSON.stringify(addOnId)});
    return extension.apiManager.global.browserActionFor(extension).triggerAction(window);
  })()`);
}

/** Opens the sidebar by the icon, which also grants the page, and resolves when its page has loaded. */
export async function openSidebar(firefox: LaunchedFirefox): Promise<string> {
  await pressIcon(firefox);
  return await until("the sidebar to open", () => sidebarContext(firefox));
}

/** Closes the sidebar as its own button does, and waits until it is gone. */
export async function closeSidebar(firefox: LaunchedFirefox): Promise<void> {
  await firefox.bidi.evaluateInBrowser("SidebarController.hide()");
  await until("the sidebar to close", async () => ((await sidebarContext(firefox)) === undefined ? true : undefined));
}

/** CSS pixels. */
export async function setSidebarWidth({ bidi }: LaunchedFirefox, width: number): Promise<void> {
  await bidi.evaluateInBrowser(`(() => {
    const { style } = document.getElementById("sidebar-box");
    style.minWidth = style.maxWidth = style.width = "${width}px";
  })()`);
}

/** The context of the open sidebar for the calls of `bidi`; undefined when none is open or its page still loads. */
export async function sidebarContext(firefox: LaunchedFirefox): Promise<string | undefined> {
  return await contextOf(
    firefox,
    `(SidebarController.isOpen && SidebarController.browser.contentDocument?.getElementById("webext-panels-browser"))`,
  );
}

/** Runs an expression in the background, which is woken when it sleeps. */
export async function evaluateInBackground(firefox: LaunchedFirefox, expression: string): Promise<unknown> {
  await firefox.bidi.evaluateInBrowser(`${extensionOf(firefox)}.wakeupBackground()`);
  const views = `[...${extensionOf(firefox)}.views]`;
  const context = await until("the background", () =>
    contextOf(firefox, `${views}.find(({ viewType }) => viewType === "background")?.xulBrowser`),
  );
  return await firefox.bidi.evaluate(context, expression);
}

/** Ends the event page as Firefox does when it has been idle, and waits until it is gone. */
export async function terminateEventPage(firefox: LaunchedFirefox): Promise<void> {
  await firefox.bidi.evaluateInBrowser(`${extensionOf(firefox)}.terminateBackground({ ignoreDevToolsAttached: true })`);
}

/** What tells this life of the event page from the next; undefined while it sleeps. */
export async function eventPageLife(firefox: LaunchedFirefox): Promise<string | number | undefined> {
  const id = await firefox.bidi.evaluateInBrowser(`(() => {
    const { backgroundState, backgroundContext } = ${extensionOf(firefox)};
    return backgroundState === "running" ? backgroundContext?.contextId : undefined;
  })()`);
  return z.union([z.string(), z.number()]).optional().parse(id);
}

function extensionOf({ addOnId }: LaunchedFirefox): string {
  return `WebExtensionPolicy.getByID(${JSON.stringify(addOnId)}).extension`;
}

const contextSchema = z.string().optional();

/**
 * Makes a `<browser>` that is no tab known to Firefox's remote agent, which otherwise looks among tabs only, and gives the
 * context by which the protocol then reaches it: real input, evaluation and pictures as in a tab.
 */
async function contextOf({ bidi, origin }: LaunchedFirefox, element: string): Promise<string | undefined> {
  const found = await bidi.evaluateInBrowser(`(() => {
    const element = ${element};
    if (!element || !element.currentURI?.spec.startsWith(${JSON.stringify(origin)})) return undefined;
    const { NavigableManager: manager } = ChromeUtils.importESModule(
      "chrome://remote/content/shared/NavigableManager.sys.mjs",
    );
    element.permanentKey ??= {};
    const id = manager.getIdForBrowser(element);
    if (!manager.noTabs) {
      const tabById = manager.getBrowserById.bind(manager);
      manager.noTabs = new Map();
      manager.getBrowserById = (asked) => manager.noTabs.get(asked) ?? tabById(asked);
    }
    manager.noTabs.set(id, element);
    return id;
  })()`);
  return contextSchema.parse(found);
}
