import { describe, expect, it } from "vitest";
import { BOUNDARY_RULES, type BoundaryRule, packagesFor } from "./boundary-rules.ts";
import { type Import, importsOf, isTest, sourceFiles } from "./source-files.ts";

const files = sourceFiles();
const STARTS_PROCESSES = ["node:child_process", "playwright"];
const product = files.filter(({ path }) => !isTest(path));

describe("import boundaries", () => {
  it("lets each part import only what stands below it", () => {
    const wrong = product.flatMap((file) => importsOf(file).flatMap((imported) => complaint(file.path, imported)));
    expect(wrong).toEqual([]);
  });

  it("has a rule for every file", () => {
    const lost = product.map(({ path }) => path).filter((path) => path.includes("/") && ruleFor(path) === undefined);
    expect(lost, "name the folder in tests/house/boundary-rules.ts").toEqual([]);
  });

  it("keeps tests out of the product", () => {
    const wrong = product
      .filter(({ path }) => !path.startsWith("bench/"))
      .flatMap((file) => importsOf(file))
      .filter(({ ours, target }) => ours && isTest(target))
      .map(({ at, target }) => `${at} imports ${target}: move what both need beside the code`);
    expect(wrong).toEqual([]);
  });

  it("writes relative imports with their ending", () => {
    const wrong = files
      .flatMap((file) => importsOf(file))
      .filter(({ ours, target }) => ours && !/\.(ts|tsx|mjs|js|css|json|html|svg)(\?[a-z]+)?$/.test(target))
      .map(({ at, target }) => `${at} imports ${target}: write the file's ending (.ts or .tsx)`);
    expect(wrong).toEqual([]);
  });

  it("keeps other processes and browsers out of unit tests", () => {
    const wrong = files
      .filter(({ path }) => isTest(path) && !/^tests\/|\.process\.test\.ts$/.test(path) && startsProcesses(path))
      .map(({ path }) => `${path} can start a process: name it *.process.test.ts, so that the server project runs it`);
    expect(wrong).toEqual([]);
  });

  it("finds an arrow that points up", () => {
    const up = { target: "server/adapters/sqlite-store/open.ts", ours: true, typeOnly: false, at: "here" };
    expect(complaint("server/turns/run-turn.ts", up)).toHaveLength(1);
    expect(complaint("components/Message.tsx", { ...up, target: "lib/api/client.ts" })).toHaveLength(1);
    expect(complaint("lib/protocol/ids.ts", { ...up, target: "node:crypto", ours: false })).toHaveLength(1);
    expect(complaint("lib/keeper/keeper.ts", { ...up, target: "lib/api/client.ts", typeOnly: true })).toHaveLength(0);
  });
});

/** Whether a test gets at processes or browsers by itself or through fixtures; the product's own ways do not count. */
function startsProcesses(path: string): boolean {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined || !isTest(path)) return false;
  return importsOf(file)
    .filter(({ typeOnly }) => !typeOnly)
    .some(({ target, ours }) => (ours ? startsProcesses(target) : STARTS_PROCESSES.includes(target)));
}

function ruleFor(path: string): BoundaryRule | undefined {
  return BOUNDARY_RULES.find(({ from }) => from.test(path));
}

function complaint(path: string, imported: Import): string[] {
  const rule = ruleFor(path);
  if (!rule || isAllowed(path, imported, rule)) return [];
  return [`${imported.at}: ${partOf(path)} may not import ${imported.target} because ${rule.because}`];
}

function isAllowed(path: string, { target, ours, typeOnly }: Import, rule: BoundaryRule): boolean {
  if (ours) {
    if (partOf(target) === partOf(path)) return true;
    return [...rule.may, ...(typeOnly ? (rule.mayTypes ?? []) : [])].some((allowed) => allowed.test(target));
  }
  const packages = packagesFor(path, rule);
  // A package's types are erased: a part may speak of a logger that it is given.
  if (packages === "any" || typeOnly) return true;
  return packages.some((name) => target === name || (name === "node:" && target.startsWith(name)));
}

/** The folder that counts as one part: `lib/api`, `server/adapters/demo-model`, `components`. */
function partOf(path: string): string {
  const depth = path.startsWith("server/adapters/") ? 3 : path.startsWith("lib/") || path.startsWith("server/") ? 2 : 1;
  const folders = path.split("/");
  return folders.slice(0, Math.min(depth, folders.length - 1)).join("/");
}
