import { type Browser, chromium, type Page } from "playwright";
import * as z from "zod";
import type { LaunchedBrowser } from "./launch-browser.ts";
import { until } from "./until.ts";

/** The real side panel, driven by a Playwright connection of its own. */
export type SidePanel = {
  page: Page;
  /** Ends the connection only: the panel stays open, and its worker may sleep and die as it would for a person. */
  disconnect(): Promise<void>;
};

/** Opens the side panel by the extension's icon on the tab that shows `url`, which also grants the page to it. */
export async function openSidePanel(browser: LaunchedBrowser, url: string): Promise<SidePanel> {
  await triggerAction(browser, url);
  await until("the side panel to open", () => panelTarget(browser));
  return await attachToSidePanel(browser);
}

/** Presses the extension's icon: opens the side panel on the tab that shows `url`, or closes it when it is open. */
export async function triggerAction(browser: LaunchedBrowser, url: string): Promise<void> {
  const { cdp, extensionId } = browser;
  await until("the extension to listen to its icon", async () => ((await isListening(browser)) ? true : undefined));
  const tab = await until(`a tab with ${url}`, async () =>
    (await cdp.targets()).find((target) => target.type === "tab" && target.url === url),
  );
  await cdp.send("Extensions.triggerAction", { id: extensionId, targetId: tab.targetId });
}

/** Closes the side panels of all windows and waits until they are gone. */
export async function closeSidePanel(browser: LaunchedBrowser): Promise<void> {
  for (const targetId of await sidePanelTargets(browser)) await browser.cdp.send("Target.closeTarget", { targetId });
  await until("the side panel to close", async () => ((await panelTarget(browser)) === undefined ? true : undefined));
}

/**
 * Drives a panel that is open. A connection sees only the pages that were there when it was made, so that each use
 * makes its own.
 */
export async function attachToSidePanel(browser: LaunchedBrowser): Promise<SidePanel> {
  const targetId = await until("a side panel", () => panelTarget(browser));
  const connection = await chromium.connectOverCDP(browser.endpoint);
  const page = await findPage(connection, targetId);
  if (page === undefined) {
    await connection.close();
    throw new Error("the side panel is open but Playwright does not list it");
  }
  return { page, disconnect: () => connection.close() };
}

/** Runs an expression in the side panel without attaching to anything else: for tests of the worker's life. */
export async function evaluateInSidePanel(browser: LaunchedBrowser, expression: string): Promise<unknown> {
  const targetId = await until("a side panel", () => panelTarget(browser));
  return await browser.cdp.evaluate(targetId, expression);
}

/** Whether the side panel is open. */
export async function isSidePanelOpen(browser: LaunchedBrowser): Promise<boolean> {
  return (await panelTarget(browser)) !== undefined;
}

/** Runs an expression in the background worker; `undefined` results are returned as such. Detaches afterwards. */
export async function evaluateInWorker(browser: LaunchedBrowser, expression: string): Promise<unknown> {
  const { cdp } = browser;
  const targetId = await until("the background worker", async () => {
    const worker = await workerTarget(browser);
    // A worker can be seen before its own names are there.
    const isReady =
      worker !== undefined && (await cdp.evaluate(worker, "globalThis.chrome?.runtime?.id !== undefined"));
    return isReady === true ? worker : undefined;
  });
  return await cdp.evaluate(targetId, expression);
}

/** Ends the background worker as Chromium does when it runs out of time, and waits until it is gone. */
export async function killServiceWorker(browser: LaunchedBrowser): Promise<void> {
  const targetId = await workerTarget(browser);
  if (targetId === undefined) return;
  await browser.cdp.send("Target.closeTarget", { targetId });
  await until("the worker to end", async () =>
    (await browser.cdp.targets()).some((target) => target.targetId === targetId) ? undefined : true,
  );
}

/** The id of the running background worker's target; another one after each restart. */
export async function workerTarget({ cdp, extensionId }: LaunchedBrowser): Promise<string | undefined> {
  const targets = await cdp.targets();
  return targets.find(({ type, url }) => type === "service_worker" && url.startsWith(origin(extensionId)))?.targetId;
}

/** A press that comes while a fresh worker still runs its script is lost; a worker that sleeps is woken by it. */
async function isListening(browser: LaunchedBrowser): Promise<boolean> {
  const worker = await workerTarget(browser);
  if (worker === undefined) return true;
  return (await browser.cdp.evaluate(worker, "globalThis.chrome?.action?.onClicked.hasListeners() ?? false")) === true;
}

/** The ids of the open side panels' targets: each window may have one. */
export async function sidePanelTargets({ cdp, extensionId }: LaunchedBrowser): Promise<string[]> {
  const address = `${origin(extensionId)}/sidepanel.html`;
  const panels = (await cdp.targets()).filter(({ type, url }) => type === "page" && url.startsWith(address));
  return panels.map(({ targetId }) => targetId);
}

async function panelTarget(browser: LaunchedBrowser): Promise<string | undefined> {
  return (await sidePanelTargets(browser))[0];
}

function origin(extensionId: string): string {
  return `chrome-extension://${extensionId}`;
}

const targetInfoSchema = z.object({ targetInfo: z.object({ targetId: z.string() }) });

async function findPage(connection: Browser, targetId: string): Promise<Page | undefined> {
  for (const page of connection.contexts().flatMap((context) => context.pages())) {
    const session = await page.context().newCDPSession(page);
    const { targetInfo } = targetInfoSchema.parse(await session.send("Target.getTargetInfo"));
    await session.detach();
    if (targetInfo.targetId === targetId) return page;
  }
  return undefined;
}
