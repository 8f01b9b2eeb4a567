// npm run zip: what the stores take, in .output. The sources are for addons.mozilla.org, whose reviewers build it again.
import { runTool } from "./run-tool.ts";

const ZIPS = [
  ["--browser", "chrome", "--mode", "store"],
  ["--browser", "firefox"],
];

for (const options of ZIPS) {
  const code = await runTool("wxt/bin/wxt.mjs", ["zip", "--mv3", ...options]);
  if (code !== 0) process.exit(code);
}
