import { launchFirefox } from "./launch-firefox.ts";
import { pairingOf } from "./pair.ts";
import { evaluateInBackground, openSidebar, setSidebarWidth } from "./sidebar.ts";
import { attachToSidebar } from "./sidebar-page.ts";
import type { Stage, StageOptions } from "./stage.ts";

/** The stage in Firefox: the same panel in the sidebar, drawn twice as fine for the picture. */
export async function openFirefoxStage({ pairing, ...options }: StageOptions): Promise<Stage> {
  const prefs = { "layout.css.devPixelsPerPx": "2.0" };
  const firefox = await launchFirefox({ ...options, headless: true, size: { width: 1_300, height: 895 }, prefs });
  try {
    await setSidebarWidth(firefox, 400);
    await evaluateInBackground(firefox, pairingOf(pairing));
    await openSidebar(firefox);
    const panel = await attachToSidebar(firefox);
    return {
      async ask(question) {
        await panel.click({ role: "button", name: "Ask about this page" });
        await panel.waitFor("the page to be read", `document.querySelector('[aria-label="Do not send this page"]')`);
        await panel.fill("Question", question);
        await panel.press("Enter");
        return () =>
          panel.waitFor("the whole answer", `document.querySelector('${WHOLE_ANSWER}')`, { timeoutMs: ANSWER_MS });
      },
      async picture() {
        await panel.evaluate(`document.querySelector('${MESSAGES}').scrollTo(0, 0)`);
        await panel.waitFor("the question", `document.querySelector('article[aria-label="Your question"]')`);
        return await panel.picture();
      },
      close: firefox.close,
    };
  } catch (error) {
    await firefox.close();
    throw error;
  }
}

const ANSWER_MS = 300_000;
const WHOLE_ANSWER = 'article[aria-label="Answer"][aria-busy="false"]';
const MESSAGES = '[aria-label="Messages"]';
