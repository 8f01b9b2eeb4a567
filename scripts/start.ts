// npm start · npm run start:firefox: server, extension and browser together, ready to ask. Ctrl+C stops all of it.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createLocalAuth } from "../server/adapters/local-auth/index.ts";
import { type Config, loadEnvironment, readConfig } from "../server/config.ts";
import { ensureBrowser } from "./browser.ts";
import { type BrowserName, buildExtension } from "./build.ts";
import { runDemo } from "./demo.ts";
import { OPENERS } from "./open-browser.ts";
import { freePort } from "./ports.ts";
import { type StartedServer, startServer } from "./start-server.ts";

const { values } = parseArgs({ options: { firefox: { type: "boolean", default: false } } });

/** `load` is how the built extension comes into a browser that runs already. */
const BROWSERS: Record<BrowserName, { title: string; profile: string; load: (extensionDir: string) => string }> = {
  chrome: {
    title: "Chromium",
    profile: "chromium-profile",
    load: (folder) => `chrome://extensions, Developer mode, "Load unpacked" ${folder}`,
  },
  firefox: {
    title: "Firefox",
    profile: "firefox-profile",
    load: (folder) => `about:debugging, This Firefox, "Load Temporary Add-on" ${join(folder, "manifest.json")}`,
  },
};

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
  const browser = values.firefox ? "firefox" : "chrome";
  const executablePath = ensureBrowser(console.log, browser);
  const extensionDir = await buildExtension("production", { browser });

  const port = await freePort(config.PORT);
  if (port !== config.PORT) console.log(`Port ${config.PORT} is taken by another program: using ${port}.`);
  await using cleanUp = new AsyncDisposableStack();
  const server = await startServer(port, { LOG_LEVEL: process.env.LOG_LEVEL ?? "warn" });
  cleanUp.defer(server.stop);

  const profileDir = join(resolve(config.DATA_DIR), BROWSERS[browser].profile);
  if (hasDisplay()) {
    const pairing = { serverUrl: server.url, token: tokenOf(config) };
    cleanUp.defer(await OPENERS[browser]({ executablePath, extensionDir, profileDir, pairing }));
  } else {
    console.log("There is no display here, so that the demo shows the main job once instead of a browser window.");
    await runDemo({ picture: resolve("demo.png"), browser });
  }
  const { title, load } = BROWSERS[browser];
  const beside = hasDisplay() ? `${title} with the panel; profile in ${profileDir}` : "no browser window";
  say({ server, config, beside, load: load(extensionDir) });
  await Promise.race([asked, server.ended]);
}

/** With Clerk people sign in by themselves. */
function tokenOf({ CLERK_ISSUER, DATA_DIR: dataDir, LOCAL_TOKEN: token }: Config): string | undefined {
  return CLERK_ISSUER === undefined ? createLocalAuth({ dataDir, token }).token : undefined;
}

type Said = { server: StartedServer; config: Config; beside: string; load: string };

function say({ server, config, beside, load }: Said): void {
  console.log(`
${server.greeting} · history in ${resolve(config.DATA_DIR)}
Beside it: ${beside}. Ctrl+C stops all of it.
Your own browser: ${load}, then ${config.CLERK_ISSUER === undefined ? "type the pairing code" : "sign in"}.`);
}

function hasDisplay(): boolean {
  return process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
