// npm run demo [-- --firefox] [--picture <file>]: the main job of the product, seen without a screen.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { errorBodySchema } from "../lib/protocol/errors.ts";
import { ensureBrowser } from "./browser.ts";
import { type BrowserName, buildExtension } from "./build.ts";
import { followNextAnswer } from "./follow-answer.ts";
import { freePort } from "./ports.ts";
import { serveSamplePage } from "./sample-page.ts";
import { STAGES } from "./stage.ts";
import { startServer } from "./start-server.ts";

const QUESTION = "How does a single wire add the motion of all the pulleys?";

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
 * Asks about a sample article in the real panel of a headless browser, prints the answer as it comes and saves a
 * picture of the panel. Everything that it starts and stores is its own, and is gone afterwards. Fails when the answer
 * does not come to a good end.
 */
export async function runDemo({ picture, browser }: { picture: string; browser: BrowserName }): Promise<void> {
  const executablePath = ensureBrowser(console.log, browser);
  const extensionDir = await buildExtension("production", { browser });
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
  const stage = await STAGES[browser]({
    executablePath,
    extensionDir,
    profileDir: join(folder, "profile"),
    url: page.url,
    pairing: device,
  });
  cleanUp.defer(stage.close);
  // After the one that ends the browser, which writes into it.
  process.once("exit", removeFolder);
  cleanUp.defer(() => void process.off("exit", removeFolder));

  console.log(`\nYou, in the panel beside ${page.url}:\n  ${QUESTION}\n\nThe answer, as it comes:\n`);
  const { answer } = await followNextAnswer(device, (delta) => process.stdout.write(delta));
  const [shown, { end, text }] = await Promise.all([stage.ask(QUESTION), answer]);
  if (end.type === "failed") throw new Error(`The answer failed (${end.code}): ${end.message}`);
  if (end.type !== "completed" || text === "") throw new Error(`The answer ended as ${end.type} with no text.`);
  await shown();
  writeFileSync(picture, await stage.picture());
  console.log(`\n\nThe panel as it looks now: ${picture}`);
}

/** The panel would go on trying until the endpoint is back; a demo says what is wrong instead. */
async function requireModel({ serverUrl, token }: { serverUrl: string; token: string }): Promise<void> {
  const response = await fetch(`${serverUrl}/api/models`, { headers: { Authorization: `Bearer ${token}` } });
  if (response.ok) return;
  const { error } = errorBodySchema.parse(await response.json());
  throw new Error(error.message);
}

const OPTIONS = {
  picture: { type: "string", default: "demo.png" },
  firefox: { type: "boolean", default: false },
} as const;

if (import.meta.main) {
  const { values } = parseArgs({ options: OPTIONS });
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  try {
    await runDemo({ picture: resolve(values.picture), browser: values.firefox ? "firefox" : "chrome" });
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}
