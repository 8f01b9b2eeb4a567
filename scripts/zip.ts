// npm run zip: what the stores take, in .output. The sources are for addons.mozilla.org, whose reviewers build it again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type BrowserName, FINISHED } from "./build.ts";
import { ROOT, runTool } from "./run-tool.ts";

export type StoreZips = { chrome: string; firefox: string; sources: string };

/** Builds for the stores and packs the builds; resolves with the paths of the zips. Other builds stay as they are. */
export async function zipExtensions({ quiet = false } = {}): Promise<StoreZips> {
  for (const [browser, mode] of Object.entries(MODES)) {
    const args = ["zip", "--mv3", "--browser", browser, "--mode", mode];
    const code = await runTool("wxt/bin/wxt.mjs", args, {
      quiet,
      env: { ...FINISHED, BUILD_FOLDER_SUFFIX: "-zipped" },
    });
    if (code !== 0) throw new Error(`There is no zip for ${browser}: the reason is above.`);
  }
  const manifest = z.object({ name: z.string(), version: z.string() });
  const { name, version } = manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  const path = (what: string) => join(ROOT, ".output", `${name}-${version}-${what}.zip`);
  return { chrome: path("chrome"), firefox: path("firefox"), sources: path("sources") };
}

/** `store` leaves Chrome's key out. What Mozilla's reviewers build with npm run build:firefox must be the same to the byte. */
const MODES: Readonly<Record<BrowserName, string>> = { chrome: "store", firefox: "production" };

if (import.meta.main) {
  await zipExtensions();
}
