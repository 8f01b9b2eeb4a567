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

/** Opens the sidebar as Firefox's own list of sidebars does, which grants nothing. */
export async function showSidebar(firefox: LaunchedFirefox): Promise<void> {
  const id = JSON.stringify(`${firefox.addOnId.replaceAll(/[^a-z0-9_-]/gi, "_")}-sidebar-action`);
  await firefox.bidi.evaluateInBrowser(`SidebarController.show(${id}).then(() => undefined)`);
}

/** Opens the menu of the page that is shown by the right mouse button and chooses an entry. */
export async function chooseInPageMenu({ browser, bidi }: LaunchedFirefox, entry: string): Promise<void> {
  const [tab] = await browser.pages();
  await tab?.mouse.click(5, 5, { button: "right" });
  const menu = `document.getElementById("contentAreaContextMenu")`;
  await until("the page's menu", async () =>
    (await bidi.evaluateInBrowser(`${menu}.state`)) === "open" ? true : undefined,
  );
  await bidi.evaluateInBrowser(
    `${menu}.activateItem([...${menu}.querySelectorAll("menuitem")].find(({ label }) => label === ${JSON.stringify(entry)}))`,
  );
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
  return await contextOf(firefox, pageIn("window"));
}

/** The sidebar's page in a window of the browser. */
function pageIn(window: string): string {
  const page = `browser.contentDocument?.getElementById("webext-panels-browser")`;
  return `((sidebar) => sidebar?.isOpen && sidebar.${page})(${window}.SidebarController)`;
}

/** The contexts of the sidebars of all windows. */
export async function sidebarContexts(firefox: LaunchedFirefox): Promise<string[]> {
  const windows = `[...Services.wm.getEnumerator("navigator:browser")]`;
  const count = z.number().parse(await firefox.bidi.evaluateInBrowser(`${windows}.length`));
  const contexts = Array.from({ length: count }, (_, index) => contextOf(firefox, pageIn(`${windows}[${index}]`)));
  return (await Promise.all(contexts)).filter((context) => context !== undefined);
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
