// npm run build · npm run build:firefox
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, runTool } from "./run-tool.ts";

export type BrowserName = "chrome" | "firefox";

/** `e2e` may read every page without a click, for tests in a browser that cannot be asked. */
export type BuildMode = "production" | "e2e";

/** Where a build lies. */
export function extensionDir(mode: BuildMode, browser: BrowserName = "chrome"): string {
  return join(ROOT, ".output", mode === "production" ? `${browser}-mv3` : `${browser}-mv3-${mode}`);
}

/** Builds the extension and resolves with its folder; fails when the build does. */
export async function buildExtension(
  mode: BuildMode,
  { browser = "chrome", quiet = true }: { browser?: BrowserName; quiet?: boolean } = {},
): Promise<string> {
  const args = ["build", "--browser", browser, "--mv3", ...(mode === "e2e" ? ["--mode", mode] : [])];
  const code = await runTool("wxt/bin/wxt.mjs", args, { quiet });
  if (code !== 0) throw new Error("The extension was not built: the reason is above (npm run build shows all of it).");
  return extensionDir(mode, browser);
}

if (import.meta.main) {
  const { firefox } = parseArgs({ options: { firefox: { type: "boolean", default: false } } }).values;
  await buildExtension("production", { browser: firefox ? "firefox" : "chrome", quiet: false });
}
