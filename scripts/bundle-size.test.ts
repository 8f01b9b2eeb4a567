import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleSizes } from "./bundle-size.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sidestream-size-"));
  write(
    "manifest.json",
    JSON.stringify({ background: { service_worker: "background.js" }, side_panel: { default_path: "sidepanel.html" } }),
  );
  write("background.js", noise(1));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("bundle sizes", () => {
  it("counts what the panel loads before it shows, each file once, and nothing that it loads later", () => {
    write(
      "sidepanel.html",
      '<script type="module" src="/chunks/a.js"></script><link rel="modulepreload" href="/chunks/b.js">',
    );
    write("chunks/a.js", `import "./b.js";import{c}from"./c.js";import("./later.js");${noise(10)}`);
    write("chunks/b.js", noise(20));
    write("chunks/c.js", `import"./a.js";export const c=1;${noise(30)}`);
    write("chunks/later.js", noise(500));

    const [panel, background] = bundleSizes(folder, "plain");
    expect(Math.round((panel?.gzipBytes ?? 0) / 1_000)).toBeGreaterThanOrEqual(60);
    expect(panel?.gzipBytes).toBeLessThan(100_000);
    expect(background?.gzipBytes).toBeLessThan(5_000);
  });

  it("does not take a page without scripts for a small one", () => {
    write("sidepanel.html", "<p>nothing</p>");
    expect(() => bundleSizes(folder, "plain")).toThrow(/no script/);
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A comment that does not compress below its number of kilobytes. */
function noise(kilobytes: number): string {
  return `/*${randomBytes(kilobytes * 1_000).toString("hex")}*/`;
}
