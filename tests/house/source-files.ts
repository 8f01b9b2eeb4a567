import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { type EcmaScriptModule, type ParserOptions, parseSync } from "oxc-parser";

const ROOT = join(import.meta.dirname, "../..");
const FOLDERS = "{entrypoints,components,lib,server,convex,bench,scripts,tests}";

export type SourceFile = {
  /** From the repository's root, with `/`. */
  path: string;
  text: string;
  /** Parsed once by whoever asks; syntax errors are the type check's business. */
  parsed: ReturnType<typeof parseSync>;
};

/** All source files of the product, its tests and its scripts; generated ones are left out. */
export function sourceFiles(): SourceFile[] {
  const paths = globSync([`${FOLDERS}/**/*.{ts,tsx,mjs}`, "*.ts"], {
    cwd: ROOT,
    exclude: (path) => /(^|[\\/])(node_modules|_generated)$/.test(path),
  });
  return paths
    .map((path) => path.split(sep).join("/"))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), "utf8")));
}

export function parseSource(path: string, text: string): SourceFile {
  return { path, text, parsed: parseSync(path, text, options(path)) };
}

function options(path: string): ParserOptions {
  if (path.endsWith(".tsx")) return { lang: "tsx" };
  return { lang: path.endsWith(".mjs") ? "js" : "ts" };
}

/** Whether the file holds tests, or what only tests use. */
export function isTest(path: string): boolean {
  return /\.(test|contract|fixture)\.tsx?$|-contract\//.test(path) || path.startsWith("tests/");
}

/** `path:line`, as editors open it. */
export function place(file: SourceFile, offset: number): string {
  return `${file.path}:${file.text.slice(0, offset).split("\n").length}`;
}

export type Import = {
  /** A path from the root for a file of ours, else the name of a package or `node:…`. */
  target: string;
  ours: boolean;
  /** Erased when the code runs: it shares words and makes no dependency. */
  typeOnly: boolean;
  at: string;
};

/** Everything that the file imports or re-exports, also dynamically. */
export function importsOf(file: SourceFile): Import[] {
  return specifiers(file.parsed.module, file.text).map(({ specifier, typeOnly, offset }) => ({
    ...resolve(file.path, specifier),
    typeOnly,
    at: place(file, offset),
  }));
}

function specifiers(module: EcmaScriptModule, text: string) {
  const imports = module.staticImports.map(({ moduleRequest, entries, start }) => ({
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    offset: start,
  }));
  const reexports = module.staticExports.flatMap(({ entries, start }) => {
    const from = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest;
    return from ? [{ specifier: from.value, typeOnly: entries.every(({ isType }) => isType), offset: start }] : [];
  });
  const dynamic = module.dynamicImports.map(({ moduleRequest, start }) => ({
    specifier: text.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/g, ""),
    typeOnly: false,
    offset: start,
  }));
  return [...imports, ...reexports, ...dynamic];
}

/** `@/…` and `~/…` are WXT's names for the root. */
function resolve(from: string, specifier: string): Pick<Import, "target" | "ours"> {
  const alias = /^[@~]{1,2}\/(?=[a-z])/.exec(specifier);
  if (alias) return { target: specifier.slice(alias[0].length), ours: true };
  if (!specifier.startsWith(".")) return { target: packageOf(specifier), ours: false };
  const target = relative(ROOT, join(ROOT, dirname(from), specifier))
    .split(sep)
    .join("/");
  return { target, ours: true };
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
