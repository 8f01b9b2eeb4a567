// npm run build · npm run build:firefox
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, runTool } from "./run-tool.ts";

export type BrowserName = "chrome" | "firefox";

/** `e2e` may read every page without a click, for tests in a browser that cannot be asked. */
export type BuildMode = "production" | "e2e";

/** How people get in: by a code, or by accounts at this instance of Clerk. */
export type BuildAccounts = "none" | { publishableKey: string; serverUrl?: string; folder?: string };

export type BuildOptions = {
  browser?: BrowserName;
  quiet?: boolean;
  /** What the environment and .env say when absent. A build with accounts lies in a folder of its own, `clerk` if not named. */
  accounts?: BuildAccounts;
};

/** Whatever the environment says that calls, React is the one for people: tests have `test` there, which brings the other. */
export const FINISHED = { NODE_ENV: "production" } as const;

/** Where a build lies. */
export function extensionDir(mode: BuildMode, browser: BrowserName = "chrome", kind = "plain"): string {
  const suffixes = [mode === "production" ? "" : `-${mode}`, kind === "plain" ? "" : `-${kind}`];
  return join(ROOT, ".output", `${browser}-mv3${suffixes.join("")}`);
}

/** Builds the extension and resolves with its folder; fails when the build does. */
export async function buildExtension(
  mode: BuildMode,
  { browser = "chrome", quiet = true, accounts }: BuildOptions = {},
): Promise<string> {
  const args = ["build", "--browser", browser, "--mv3", ...(mode === "e2e" ? ["--mode", mode] : [])];
  const code = await runTool("wxt/bin/wxt.mjs", args, { quiet, env: { ...FINISHED, ...environmentOf(accounts) } });
  if (code !== 0) throw new Error("The extension was not built: the reason is above (npm run build shows all of it).");
  return extensionDir(mode, browser, accounts === undefined || accounts === "none" ? "plain" : folderOf(accounts));
}

function folderOf({ folder = "clerk" }: Exclude<BuildAccounts, "none">): string {
  return folder;
}

/** Read by extension/build-settings.ts and wxt.config.ts. */
function environmentOf(accounts: BuildAccounts | undefined): Record<string, string> {
  if (accounts === undefined) return {};
  if (accounts === "none") {
    return { WXT_CLERK_PUBLISHABLE_KEY: "none", WXT_SERVER_URL: "none", WXT_GOOGLE_SIGN_IN: "none" };
  }
  return {
    WXT_CLERK_PUBLISHABLE_KEY: accounts.publishableKey,
    WXT_SERVER_URL: accounts.serverUrl ?? "none",
    WXT_GOOGLE_SIGN_IN: "none",
    BUILD_FOLDER_SUFFIX: `-${folderOf(accounts)}`,
  };
}

if (import.meta.main) {
  const { firefox } = parseArgs({ options: { firefox: { type: "boolean", default: false } } }).values;
  await buildExtension("production", { browser: firefox ? "firefox" : "chrome", quiet: false });
}
