import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { gzipSync } from "node:zlib";
import { parseSync } from "oxc-parser";
import * as z from "zod";

export type BundleSize = { name: string; gzipBytes: number; limit: number };

const KB = 1_000;
const PANEL_LIMIT = 250 * KB;
/** With accounts the background holds Clerk's client. */
const BACKGROUND_LIMITS = { plain: 60 * KB, clerk: 400 * KB };

const manifestSchema = z.object({
  background: z.object({ service_worker: z.string() }),
  side_panel: z.object({ default_path: z.string() }),
});

/** What the browser must load before the panel shows, and before the background answers; compressed, without CSS. */
export function bundleSizes(extensionDir: string, kind: keyof typeof BACKGROUND_LIMITS): BundleSize[] {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(extensionDir, "manifest.json"), "utf8")));
  const page = manifest.side_panel.default_path;
  const scripts = scriptsOf(readFileSync(join(extensionDir, page), "utf8")).map((script) => resolve(page, script));
  if (scripts.length === 0) throw new Error(`${page} loads no script: the check of its size would prove nothing`);
  return [
    { name: "panel", gzipBytes: gzipOf(extensionDir, scripts), limit: PANEL_LIMIT },
    {
      name: "background",
      gzipBytes: gzipOf(extensionDir, [manifest.background.service_worker]),
      limit: BACKGROUND_LIMITS[kind],
    },
  ];
}

/** Sources of scripts and preloaded modules. */
function scriptsOf(html: string): string[] {
  const tags = html.match(/<(script|link)\b[^>]*>/g) ?? [];
  return tags
    .filter((tag) => tag.startsWith("<script") || tag.includes("modulepreload"))
    .flatMap((tag) => /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? []);
}

/** Bytes of the files and of all that they import statically, each file compressed by itself. */
function gzipOf(root: string, entries: readonly string[]): number {
  const seen = new Set<string>();
  const waiting = [...entries];
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = readFileSync(join(root, file), "utf8");
    bytes += gzipSync(code).byteLength;
    for (const { moduleRequest } of parseSync(file, code).module.staticImports) {
      waiting.push(resolve(file, moduleRequest.value));
    }
  }
  return bytes;
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith("/") ? specifier.slice(1) : posix.join(dirname(from), specifier);
}
