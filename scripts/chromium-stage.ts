import { launchBrowser } from "./launch-browser.ts";
import { pair } from "./pair.ts";
import { openSidePanel } from "./side-panel.ts";
import type { Stage, StageOptions } from "./stage.ts";

const PANEL_WIDTH = 400;
/** A panel of 400 x 760 in this window; drawn twice as fine for the picture. */
const PICTURE_FLAGS = ["--window-size=1300,895", "--force-device-scale-factor=2"];

/** The stage in Chromium. */
export async function openChromiumStage({ pairing, ...options }: StageOptions): Promise<Stage> {
  const browser = await launchBrowser({ ...options, headless: true, panelWidth: PANEL_WIDTH, args: PICTURE_FLAGS });
  try {
    await pair(browser, pairing);
    const { page: panel, disconnect } = await openSidePanel(browser, options.url);
    return {
      async ask(question) {
        await panel.getByRole("button", { name: "Ask about this page" }).click();
        await panel.getByRole("button", { name: "Do not send this page" }).waitFor();
        const composer = panel.getByRole("textbox", { name: "Question" });
        await composer.fill(question);
        await composer.press("Enter");
        return () => panel.locator('article[aria-label="Answer"][aria-busy="false"]').last().waitFor();
      },
      async picture() {
        // By the wheel, as a person does.
        await panel.getByRole("region", { name: "Messages" }).hover();
        await panel.mouse.wheel(0, -100_000);
        await panel.getByRole("article", { name: "Your question" }).first().scrollIntoViewIfNeeded();
        return await panel.screenshot();
      },
      async close() {
        await disconnect();
        await browser.close();
      },
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
