// npm start: server, extension and browser together, ready to ask. Ctrl+C stops all of it.
import { join, resolve } from "node:path";
import { createLocalAuth } from "../server/adapters/local-auth/index.ts";
import { type Config, loadEnvironment, readConfig } from "../server/config.ts";
import { ensureBrowser } from "./browser.ts";
import { buildExtension } from "./build.ts";
import { runDemo } from "./demo.ts";
import { launchBrowser } from "./launch-browser.ts";
import { pair } from "./pair.ts";
import { freePort } from "./ports.ts";
import { serveSamplePage } from "./sample-page.ts";
import { triggerAction } from "./side-panel.ts";
import { type StartedServer, startServer } from "./start-server.ts";

/** The first signal lets running answers end; a second one does not wait for them. */
const asked = new Promise<void>((stop) => {
  let signals = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
      stop();
    });
  }
});

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
process.exit();

async function start(): Promise<void> {
  const read = readConfig(loadEnvironment());
  if (!read.ok) throw new Error(`The configuration is wrong:\n  ${read.faults.join("\n  ")}`);
  const { config } = read;
  const executablePath = ensureBrowser(console.log);
  const extensionDir = await buildExtension("production");

  const port = await freePort(config.PORT);
  if (port !== config.PORT) console.log(`Port ${config.PORT} is taken by another program: using ${port}.`);
  await using cleanUp = new AsyncDisposableStack();
  const server = await startServer(port, { LOG_LEVEL: process.env.LOG_LEVEL ?? "warn" });
  cleanUp.defer(server.stop);

  if (hasDisplay()) {
    cleanUp.defer(await openBrowser({ executablePath, extensionDir, server, config }));
  } else {
    console.log("There is no display here, so that the demo shows the main job once instead of a browser window.");
    await runDemo({ picture: resolve("demo.png") });
  }
  say({ server, config, extensionDir });
  await Promise.race([asked, server.ended]);
}

type Opened = { executablePath: string; extensionDir: string; server: StartedServer; config: Config };

/** Opens the sample article with the panel beside it; resolves with the end of both. */
async function openBrowser({ executablePath, extensionDir, server, config }: Opened): Promise<() => Promise<void>> {
  const page = await serveSamplePage();
  const browser = await launchBrowser({
    executablePath,
    extensionDir,
    profileDir: profileDir(config),
    headless: false,
    panelWidth: 400,
    url: page.url,
  });
  await pair(browser, { serverUrl: server.url, token: tokenOf(config) });
  await triggerAction(browser, page.url);
  return async () => {
    page.close();
    await browser.close();
  };
}

/** With Clerk people sign in by themselves. */
function tokenOf({ CLERK_ISSUER, DATA_DIR: dataDir, LOCAL_TOKEN: token }: Config): string | undefined {
  return CLERK_ISSUER === undefined ? createLocalAuth({ dataDir, token }).token : undefined;
}

function say({ server, config, extensionDir }: Pick<Opened, "server" | "config" | "extensionDir">): void {
  const browser = hasDisplay()
    ? `Chromium with the panel, paired; profile in ${profileDir(config)}`
    : "no browser window";
  console.log(`
${server.greeting} · history in ${resolve(config.DATA_DIR)}
Beside it: ${browser}. Ctrl+C stops all of it.
Your own browser: chrome://extensions, Developer mode, "Load unpacked" ${extensionDir}, then ${config.CLERK_ISSUER === undefined ? "type the pairing code" : "sign in"}.`);
}

function profileDir(config: Config): string {
  return join(resolve(config.DATA_DIR), "chromium-profile");
}

function hasDisplay(): boolean {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
