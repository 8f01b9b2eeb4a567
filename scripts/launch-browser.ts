import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { type Cdp, connectCdp } from "./cdp.ts";
import { until } from "./until.ts";

export type LaunchedBrowser = {
  process: ChildProcess;
  /** For other DevTools clients, such as Playwright's `connectOverCDP`. */
  endpoint: string;
  cdp: Cdp;
  /** The id that Chromium gave to the loaded extension. */
  extensionId: string;
  /** Ends the browser as a person would, so that the profile is written; resolves when it is gone. */
  close(): Promise<void>;
  /** Ends the browser with no chance to clean up; resolves when it is gone. */
  crash(): Promise<void>;
};

export type LaunchOptions = {
  executablePath: string;
  /** The built extension's folder. */
  extensionDir: string;
  /** Kept between runs by whoever names it. */
  profileDir: string;
  headless: boolean;
  /** CSS pixels; only in a profile that is new. Without it the panel is as narrow as Chromium lets it be. */
  panelWidth?: number;
  /** The first tab. */
  url?: string;
  args?: readonly string[];
};

/**
 * Starts Chromium with the extension in it. No debugger is attached to any of its pages and workers, so they live and
 * sleep as on a person's machine.
 */
export async function launchBrowser(options: LaunchOptions): Promise<LaunchedBrowser> {
  const portFile = join(options.profileDir, "DevToolsActivePort");
  rmSync(portFile, { force: true });
  if (options.panelWidth !== undefined) writePanelWidth(options.profileDir, options.panelWidth);
  const child = spawn(options.executablePath, commandLine(options), { stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise<void>((settle) => {
    child.once("exit", () => settle());
    child.once("error", () => settle());
  });
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  child.once("exit", () => process.off("exit", endWithUs));
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });

  const { endpoint, socketUrl } = await until("Chromium to start", () => {
    if (child.exitCode !== null) throw new Error(`Chromium ended with code ${child.exitCode}.\n${complaint}`);
    return readPort(portFile);
  });
  const cdp = await connectCdp(socketUrl);
  return {
    process: child,
    endpoint,
    cdp,
    extensionId: await loadExtension(cdp, options.extensionDir),
    async close() {
      await cdp.send("Browser.close").catch(() => child.kill("SIGTERM"));
      await gone;
    },
    async crash() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function commandLine({ profileDir, headless, url, args = [] }: LaunchOptions): string[] {
  return [
    `--user-data-dir=${resolve(profileDir)}`,
    "--remote-debugging-port=0",
    "--enable-unsafe-extension-debugging",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-search-engine-choice-screen",
    "--password-store=basic",
    "--use-mock-keychain",
    ...(headless ? ["--headless=new", "--disable-gpu", "--hide-scrollbars"] : []),
    // Chromium's sandbox refuses to run as root, which is who runs in a container.
    ...(process.getuid?.() === 0 ? ["--no-sandbox", "--disable-dev-shm-usage"] : []),
    ...args,
    url ?? "about:blank",
  ];
}

/** Chromium keeps the width that a person gave to the panel with its frame, which takes this much of it. */
const PANEL_FRAME = 18;

function writePanelWidth(profileDir: string, width: number): void {
  const file = join(profileDir, "Default", "Preferences");
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ side_panel: { id_to_width: { kExtension: width + PANEL_FRAME } } }));
}

/** Chromium writes the port, then the socket's path, as two lines. */
function readPort(file: string): { endpoint: string; socketUrl: string } | undefined {
  const [port, path] = readIfThere(file).split("\n");
  if (port === undefined || path === undefined || path === "") return undefined;
  return { endpoint: `http://127.0.0.1:${port}`, socketUrl: `ws://127.0.0.1:${port}${path}` };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** By the protocol, because Google's Chrome ignores --load-extension since version 137. The profile keeps its storage. */
async function loadExtension(cdp: Cdp, extensionDir: string): Promise<string> {
  const loaded = await cdp.send("Extensions.loadUnpacked", { path: resolve(extensionDir) });
  const { id } = z.object({ id: z.string() }).parse(loaded);
  await until("the background worker to start", async () => {
    const targets = await cdp.targets();
    return targets.find(({ type, url }) => type === "service_worker" && new URL(url).host === id);
  });
  return id;
}
