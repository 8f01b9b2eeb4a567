// npm test [stage …]: every check of this repository, in the order of how fast it can say no. Nothing stops at the first
// failure; the last line is the count. Suites against real services run only when they are named.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as z from "zod";
import { loadEnvironment } from "../server/config.ts";
import { ensureBrowser } from "./browser.ts";
import { buildExtension, extensionDir } from "./build.ts";
import { bundleSizes } from "./bundle-size.ts";
import { clerkTraces } from "./clerk-traces.ts";
import { LIVE_SUITES, type LiveSuite, missingFor } from "./live-suites.ts";
import { ROOT, runTool } from "./run-tool.ts";

type Count = { passed: number; failed: number };

type Stage = { title: string; run: () => Promise<Count> };

const STAGES: Readonly<Record<string, Stage>> = {
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
const LIVE_STAGES: Readonly<Record<string, Stage>> = Object.fromEntries(
  Object.entries(LIVE_SUITES).map(([name, suite]) => [name, { title: suite.title, run: () => runLive(suite) }]),
);
const ALL_STAGES = { ...STAGES, ...LIVE_STAGES };
const KINDS = ["plain", "clerk"] as const;
/** A key that names no instance of Clerk: the builds with it are measured, not run. */
const KEY = `pk_test_${btoa("clerk.sidestream.example$")}`;
const NEEDS_BUILD = ["addon", "size", "browser"];
const reportSchema = z.object({ success: z.boolean(), numPassedTests: z.number(), numFailedTests: z.number() });

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await testAll(process.argv.slice(2));

async function testAll(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !(name in ALL_STAGES));
  if (unknown.length > 0) {
    console.error(`No stage ${unknown.join(", ")}. The stages are: ${Object.keys(ALL_STAGES).join(", ")}.`);
    return 2;
  }
  const total = { passed: 0, failed: 0 };
  const bad: string[] = [];
  for (const [name, { title, run }] of Object.entries(ALL_STAGES).filter(([name]) => isWanted(name, asked))) {
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
  return (asked.length === 0 && name in STAGES) || asked.includes(name) || isNeeded;
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
  // Nothing of an older build is tested.
  rmSync(join(ROOT, ".output"), { recursive: true, force: true });
  let passed = 0;
  for (const browser of ["chrome", "firefox"] as const) {
    for (const mode of ["production", "e2e"] as const) {
      console.log(`ok ${relative(ROOT, await buildExtension(mode, { browser, accounts: "none" }))}`);
      passed += 1;
    }
    console.log(
      `ok ${relative(ROOT, await buildExtension("production", { browser, accounts: { publishableKey: KEY } }))}`,
    );
    passed += 1;
  }
  return { passed, failed: 0 };
}

/** The check that addons.mozilla.org makes of what is uploaded there. */
async function lintAddOn(): Promise<Count> {
  const total = { passed: 0, failed: 0 };
  for (const kind of KINDS) {
    const source = ["--source-dir", extensionDir("production", "firefox", kind), "--no-config-discovery"];
    const { passed, failed } = await check("web-ext/bin/web-ext.js", ["lint", "--warnings-as-errors", ...source]);
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

async function checkSizes(): Promise<Count> {
  const total = { passed: 0, failed: 0 };
  const tell = (isOk: boolean, words: string) => {
    total[isOk ? "passed" : "failed"] += 1;
    console.log(`${isOk ? "ok" : "FAILED"} ${words}`);
  };
  for (const kind of KINDS) {
    const folder = extensionDir("production", "chrome", kind);
    for (const { name, gzipBytes, limit } of bundleSizes(folder, kind)) {
      tell(gzipBytes <= limit, `${kind}, ${name}: ${kilobytes(gzipBytes)} of ${kilobytes(limit)} gzip`);
    }
    const traces = clerkTraces(folder);
    // That it is found in the background of the one build shows that the search finds it.
    const isAsMeant = kind === "plain" ? traces.length === 0 : traces.join() === "background.js";
    tell(isAsMeant, `${kind}, Clerk in: ${traces.join(", ") || "no file"}`);
  }
  return total;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} KB`;
}

async function testInBrowser(): Promise<Count> {
  process.env.CHROME_PATH = ensureBrowser(console.log);
  process.env.FIREFOX_PATH = ensureBrowser(console.log, "firefox");
  // What does little but wait does so beside the others, and is heard when it fails.
  const [browser, waits] = await Promise.all([runVitest("browser"), runVitest("waits", { quiet: true })]);
  console.log(`Beside them, what takes long (waits): ${waits.passed} passed, ${waits.failed} failed`);
  return { passed: browser.passed + waits.passed, failed: browser.failed + waits.failed };
}

async function runLive(suite: LiveSuite): Promise<Count> {
  const missing = missingFor(suite, loadEnvironment());
  if (missing !== undefined) throw new Error(missing);
  return await runVitest("live", { files: [suite.file] });
}

/** A file that cannot even be loaded has no tests to count: it counts as one that failed. */
async function runVitest(
  project: string,
  options: { files?: readonly string[]; quiet?: boolean } = {},
): Promise<Count> {
  const { files = [], quiet = false } = options;
  const folder = mkdtempSync(join(tmpdir(), "sidestream-test-"));
  const report = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await runTool("vitest/vitest.mjs", ["run", "--project", project, ...reporters, ...files], { quiet });
    const { success, numPassedTests, numFailedTests } = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
    const broken = code !== 0 || !success ? 1 : 0;
    return { passed: numPassedTests, failed: Math.max(numFailedTests, broken) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
