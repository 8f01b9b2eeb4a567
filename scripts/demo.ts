// npm run demo [-- --picture <file>]: the main job of the product, seen without a screen.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { errorBodySchema } from "../lib/protocol/errors.ts";
import { askAboutThisPage, scrollToQuestion } from "./ask-about-this-page.ts";
import { ensureBrowser } from "./browser.ts";
import { buildExtension } from "./build.ts";
import { followNextAnswer } from "./follow-answer.ts";
import { launchBrowser } from "./launch-browser.ts";
import { pair } from "./pair.ts";
import { freePort } from "./ports.ts";
import { serveSamplePage } from "./sample-page.ts";
import { openSidePanel } from "./side-panel.ts";
import { startServer } from "./start-server.ts";

const QUESTION = "How does a single wire add the motion of all the pulleys?";
const PANEL_WIDTH = 400;
/** A panel of 400 x 760 in this window; drawn twice as fine for the picture. */
const PICTURE_FLAGS = ["--window-size=1300,895", "--force-device-scale-factor=2"];

/** Whatever the person's own server is set up with, the demo pairs and leaves nothing in anybody's history. */
const NO_ACCOUNTS = {
  CLERK_ISSUER: "",
  CLERK_JWT_KEY: "",
  CLERK_JWKS_URL: "",
  CLERK_AUTHORIZED_PARTIES: "",
  CONVEX_URL: "",
  CONVEX_DEPLOY_KEY: "",
};

/**
 * Asks about a sample article in the real side panel of a headless browser, prints the answer as it comes and saves a
 * picture of the panel. Everything that it starts and stores is its own, and is gone afterwards. Fails when the answer
 * does not come to a good end.
 */
export async function runDemo({ picture }: { picture: string }): Promise<void> {
  const executablePath = ensureBrowser(console.log);
  const extensionDir = await buildExtension("production");
  const folder = mkdtempSync(join(tmpdir(), "sidestream-demo-"));
  const token = randomBytes(32).toString("base64url");
  await using cleanUp = new AsyncDisposableStack();
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  cleanUp.defer(removeFolder);

  const page = await serveSamplePage();
  cleanUp.defer(page.close);
  const own = { DATA_DIR: join(folder, "data"), LOCAL_TOKEN: token, LOG_LEVEL: process.env.LOG_LEVEL ?? "silent" };
  const settings = { ...NO_ACCOUNTS, ...own };
  const server = await startServer(await freePort(), settings);
  cleanUp.defer(server.stop);
  const device = { serverUrl: server.url, token };
  await requireModel(device);
  const browser = await launchBrowser({
    executablePath,
    extensionDir,
    profileDir: join(folder, "profile"),
    headless: true,
    panelWidth: PANEL_WIDTH,
    url: page.url,
    args: PICTURE_FLAGS,
  });
  cleanUp.defer(browser.close);
  // After the one that ends the browser, which writes into it.
  process.once("exit", removeFolder);
  cleanUp.defer(() => void process.off("exit", removeFolder));
  await pair(browser, device);
  const panel = await openSidePanel(browser, page.url);
  cleanUp.defer(panel.disconnect);

  console.log(`\nYou, in the side panel beside ${page.url}:\n  ${QUESTION}\n\nThe answer, as it comes:\n`);
  const { answer } = await followNextAnswer(device, (delta) => process.stdout.write(delta));
  const [shown, { end, text }] = await Promise.all([askAboutThisPage(panel.page, QUESTION), answer]);
  if (end.type === "failed") throw new Error(`The answer failed (${end.code}): ${end.message}`);
  if (end.type !== "completed" || text === "") throw new Error(`The answer ended as ${end.type} with no text.`);
  await shown();
  await scrollToQuestion(panel.page);
  await panel.page.screenshot({ path: picture });
  console.log(`\n\nThe panel as it looks now: ${picture}`);
}

/** The panel would go on trying until the endpoint is back; a demo says what is wrong instead. */
async function requireModel({ serverUrl, token }: { serverUrl: string; token: string }): Promise<void> {
  const response = await fetch(`${serverUrl}/api/models`, { headers: { Authorization: `Bearer ${token}` } });
  if (response.ok) return;
  const { error } = errorBodySchema.parse(await response.json());
  throw new Error(error.message);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { picture: { type: "string", default: "demo.png" } } });
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  try {
    await runDemo({ picture: resolve(values.picture) });
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}
