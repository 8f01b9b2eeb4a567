import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";
import * as z from "zod";
import { type Bidi, bidiOf } from "./bidi.ts";

export type LaunchedFirefox = {
  /** For its tabs. The sidebar and the background are not among puppeteer's pages: see sidebar.ts. */
  browser: Browser;
  bidi: Bidi;
  addOnId: string;
  /** `moz-extension://…`: what the extension's requests name as their Origin. */
  origin: string;
  /** Ends the browser as a person would; resolves when it is gone. */
  close(): Promise<void>;
  /** Ends the browser with no chance to clean up; resolves when it is gone. */
  crash(): Promise<void>;
};

export type LaunchFirefoxOptions = {
  executablePath: string;
  /** The folder of an extension that is built for Firefox. */
  extensionDir: string;
  /** Kept between runs by whoever names it, the extension's storage included. Default: one that is removed at the end. */
  profileDir?: string;
  headless: boolean;
  /** CSS pixels, of the window; headless only. */
  size?: { width: number; height: number };
  /** The first tab. */
  url?: string;
  prefs?: Readonly<Record<string, unknown>>;
  /** For servers on loopback that have certificates of their own making. */
  acceptInsecureCerts?: boolean;
};

/**
 * Starts stock Firefox with the extension in it, installed for as long as it runs. No debugger is attached to the
 * extension, so its background sleeps as on a person's machine.
 */
export async function launchFirefox(options: LaunchFirefoxOptions): Promise<LaunchedFirefox> {
  const addOnId = addOnIdOf(options.extensionDir);
  const { profileDir, size } = options;
  if (profileDir !== undefined) mkdirSync(profileDir, { recursive: true });
  const uuid = profileDir === undefined ? randomUUID() : uuidOf(profileDir, addOnId);
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: options.executablePath,
    headless: options.headless,
    defaultViewport: null,
    acceptInsecureCerts: options.acceptInsecureCerts ?? false,
    args: ["--remote-allow-system-access"],
    ...(profileDir !== undefined && { userDataDir: resolve(profileDir) }),
    ...(size && {
      env: { ...process.env, MOZ_HEADLESS_WIDTH: `${size.width}`, MOZ_HEADLESS_HEIGHT: `${size.height}` },
    }),
    extraPrefsFirefox: {
      "extensions.webextensions.uuids": JSON.stringify({ [addOnId]: uuid }),
      // An extension that is loaded for one run is removed at its end, with what it stored unless this says no.
      "extensions.webextensions.keepStorageOnUninstall": true,
      "extensions.webextensions.keepUuidOnUninstall": true,
      ...options.prefs,
    },
    // Who starts it decides what a signal means.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const bidi = bidiOf(browser);
  try {
    await browser.installExtension(resolve(options.extensionDir));
    // The environment sets the size of the screen only.
    if (size) await bidi.evaluateInBrowser(`window.resizeTo(${size.width}, ${size.height})`);
    const [tab] = await browser.pages();
    if (options.url !== undefined) await tab?.goto(options.url);
  } catch (error) {
    await browser.close();
    throw error;
  }
  return {
    browser,
    bidi,
    addOnId,
    origin: `moz-extension://${uuid}`,
    close: () => browser.close(),
    async crash() {
      const child = browser.process();
      const gone = new Promise<void>((settle) => child?.once("exit", () => settle()));
      child?.kill("SIGKILL");
      await gone;
    },
  };
}

const manifestSchema = z.object({ browser_specific_settings: z.object({ gecko: z.object({ id: z.string() }) }) });

function addOnIdOf(extensionDir: string): string {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(extensionDir, "manifest.json"), "utf8")));
  return manifest.browser_specific_settings.gecko.id;
}

/** The extension's storage belongs to its UUID: a profile that has one keeps it. */
function uuidOf(profileDir: string, addOnId: string): string {
  const file = join(profileDir, "prefs.js");
  const prefs = existsSync(file) ? readFileSync(file, "utf8") : "";
  const escaped = addOnId.replaceAll(".", "\\.");
  return new RegExp(`${escaped}[\\\\"]+:[\\\\"]+([0-9a-f-]{36})`).exec(prefs)?.[1] ?? randomUUID();
}
