// npm test [stage …]: every check of this repository, in the order of how fast it can say no. Nothing stops at the first
// failure; the last line is the count.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as z from "zod";
import { ensureBrowser } from "./browser.ts";
import { buildExtension, extensionDir } from "./build.ts";
import { bundleSizes } from "./bundle-size.ts";
import { ROOT, runTool } from "./run-tool.ts";

type Count = { passed: number; failed: number };

const STAGES: Readonly<Record<string, { title: string; run: () => Promise<Count> }>> = {
  lint: { title: "Format and lint", run: () => check("@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]) },
  types: { title: "Types", run: checkTypes },
  unused: { title: "Unused code", run: () => check("knip/bin/knip.js", ["--no-progress"]) },
  house: { title: "House rules", run: () => runVitest("house") },
  build: { title: "Build", run: build },
  addon: { title: "Firefox add-on (web-ext lint)", run: lintAddOn },
  size: { title: "Bundle sizes", run: checkSizes },
  unit: { title: "Unit tests", run: () => runVitest("unit") },
  server: { title: "Server tests", run: () => runVitest("server") },
  browser: { title: "Browser tests", run: testInBrowser },
};
const NEEDS_BUILD = ["addon", "size", "browser"];
const reportSchema = z.object({ success: z.boolean(), numPassedTests: z.number(), numFailedTests: z.number() });

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await testAll(process.argv.slice(2));

async function testAll(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !(name in STAGES));
  if (unknown.length > 0) {
    console.error(`No stage ${unknown.join(", ")}. The stages are: ${Object.keys(STAGES).join(", ")}.`);
    return 2;
  }
  const total = { passed: 0, failed: 0 };
  const bad: string[] = [];
  for (const [name, { title, run }] of Object.entries(STAGES).filter(([name]) => isWanted(name, asked))) {
    console.log(`\n===== ${title} (${name}) =====`);
    const { passed, failed } = await run().catch(failedAsWhole);
    total.passed += passed;
    total.failed += failed;
    if (failed > 0) bad.push(`${title}: ${failed} failed (again alone: npm test -- ${name})`);
  }
  console.log(["", ...bad, `${total.passed} passed, ${total.failed} failed`].join("\n"));
  return total.failed > 0 ? 1 : 0;
}

function isWanted(name: string, asked: readonly string[]): boolean {
  const isNeeded = name === "build" && asked.some((other) => NEEDS_BUILD.includes(other));
  return asked.length === 0 || asked.includes(name) || isNeeded;
}

function failedAsWhole(error: unknown): Count {
  console.error(error instanceof Error ? error.message : error);
  return { passed: 0, failed: 1 };
}

async function check(program: string, args: readonly string[]): Promise<Count> {
  const code = await runTool(program, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function checkTypes(): Promise<Count> {
  const prepared = await runTool("wxt/bin/wxt.mjs", ["prepare"], { quiet: true });
  if (prepared !== 0) throw new Error("wxt prepare failed: the types of the extension are not there to be checked.");
  const total = { passed: 0, failed: 0 };
  for (const project of [".", "lib/protocol", "server", "convex", "tests"]) {
    const { passed, failed } = await check("typescript/bin/tsc", ["--noEmit", "-p", project]);
    console.log(`${failed === 0 ? "ok" : "FAILED"} tsc -p ${project}`);
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

async function build(): Promise<Count> {
  let passed = 0;
  for (const browser of ["chrome", "firefox"] as const) {
    for (const mode of ["production", "e2e"] as const) {
      console.log(`ok ${relative(ROOT, await buildExtension(mode, { browser }))}`);
      passed += 1;
    }
  }
  return { passed, failed: 0 };
}

/** The check that addons.mozilla.org makes of what is uploaded there. */
function lintAddOn(): Promise<Count> {
  const source = ["--source-dir", extensionDir("production", "firefox"), "--no-config-discovery"];
  return check("web-ext/bin/web-ext.js", ["lint", "--warnings-as-errors", ...source]);
}

async function checkSizes(): Promise<Count> {
  const total = { passed: 0, failed: 0 };
  for (const { name, gzipBytes, limit } of bundleSizes(extensionDir("production"))) {
    const fits = gzipBytes <= limit;
    total[fits ? "passed" : "failed"] += 1;
    console.log(`${fits ? "ok" : "TOO LARGE"} ${name}: ${kilobytes(gzipBytes)} of ${kilobytes(limit)} gzip`);
  }
  return total;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

async function testInBrowser(): Promise<Count> {
  process.env.CHROME_PATH = ensureBrowser(console.log);
  return await runVitest("browser");
}

/** A file that cannot even be loaded has no tests to count: it counts as one that failed. */
async function runVitest(project: string): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "sidestream-test-"));
  const report = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await runTool("vitest/vitest.mjs", ["run", "--project", project, ...reporters]);
    const { success, numPassedTests, numFailedTests } = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
    const broken = code !== 0 || !success ? 1 : 0;
    return { passed: numPassedTests, failed: Math.max(numFailedTests, broken) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
