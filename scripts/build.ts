import { join } from "node:path";
import { ROOT, runTool } from "./run-tool.ts";

/** `e2e` may read every page without a click, for tests in a browser that cannot be asked. */
export type BuildMode = "production" | "e2e";

/** Where a build lies. */
export function extensionDir(mode: BuildMode): string {
  return join(ROOT, ".output", mode === "production" ? "chrome-mv3" : `chrome-mv3-${mode}`);
}

/** Builds the extension and resolves with its folder; fails when the build does. */
export async function buildExtension(mode: BuildMode, { quiet = true } = {}): Promise<string> {
  const code = await runTool("wxt/bin/wxt.mjs", ["build", ...(mode === "e2e" ? ["--mode", mode] : [])], { quiet });
  if (code !== 0) throw new Error("The extension was not built: the reason is above (npm run build shows all of it).");
  return extensionDir(mode);
}

if (import.meta.main) {
  await buildExtension("production", { quiet: false });
}
