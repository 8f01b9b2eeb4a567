import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../scripts/run-tool.ts";
import { zipExtensions } from "../../scripts/zip.ts";
import { readZip } from "../fixtures/read-zip.ts";

type Zip = ReturnType<typeof readZip>;

let zips: { chrome: Zip; firefox: Zip; sources: Zip };
const folder = mkdtempSync(join(tmpdir(), "sidestream-zips-"));
beforeAll(async () => {
  const { chrome, firefox, sources } = await zipExtensions({ quiet: true });
  zips = { chrome: readZip(chrome), firefox: readZip(firefox), sources: readZip(sources) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the zips for the stores", () => {
  it("ask for no more than a person grants, each with the keys of its own browser", () => {
    const chrome = manifestOf(zips.chrome);
    const firefox = manifestOf(zips.firefox);
    for (const manifest of [chrome, firefox]) {
      expect(manifest).toMatchObject({ manifest_version: 3, optional_host_permissions: ["*://*/*"] });
      expect(manifest.host_permissions).toEqual(expect.arrayContaining(["http://127.0.0.1/*", "http://localhost/*"]));
      expect(manifest.host_permissions).not.toContain("<all_urls>");
    }
    expect(chrome).toMatchObject({ side_panel: {}, background: { service_worker: "background.js" } });
    expect(chrome).not.toHaveProperty("key");
    expect(chrome).not.toHaveProperty("browser_specific_settings");
    expect(chrome).not.toHaveProperty("sidebar_action");
    expect(firefox).toMatchObject({ sidebar_action: {}, background: { scripts: ["background.js"] } });
    expect(firefox).not.toHaveProperty("key");
    expect(firefox).not.toHaveProperty("minimum_chrome_version");
    expect(firefox).not.toHaveProperty("side_panel");
    expect(firefox.permissions).not.toContain("sidePanel");
  });

  it("hold nothing but the extension", () => {
    for (const zip of [zips.chrome, zips.firefox]) {
      const odd = [...zip.keys()].filter((path) => !/^(assets|chunks|icon)\/|^[a-z-]+\.(js|html|json)$/.test(path));
      expect(odd).toEqual([]);
    }
    const ours =
      /^(components|entrypoints|lib|public|scripts)\/|^server\/tsconfig\.json$|^[\w.-]+\.(ts|json|md)$|^LICENSE$/;
    const odd = [...zips.sources.keys()].filter((path) => !ours.test(path) || /(^|\/)\.|\.test\./.test(path));
    expect(odd).toEqual([]);
  });

  it("of Firefox can be built again from its sources", () => {
    for (const [path, bytes] of zips.sources) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const built = spawnSync(process.execPath, ["scripts/build.ts", "--firefox"], { cwd: folder, encoding: "utf8" });
    expect(built.stderr).not.toContain("Error");
    const output = join(folder, ".output/firefox-mv3");
    const files = globSync("**/*.*", { cwd: output }).sort();
    expect(files).toEqual([...zips.firefox.keys()].sort());
    for (const file of files)
      expect(readFileSync(join(output, file)).equals(zips.firefox.get(file) ?? Buffer.alloc(0)), file).toBe(true);
  });
});

function manifestOf(zip: Zip): Record<string, unknown> {
  return JSON.parse(zip.get("manifest.json")?.toString("utf8") ?? "");
}
