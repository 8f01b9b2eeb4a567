import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "sidestream-convex-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TO_MEND = "make it anew: npx convex codegen --system-udfs --typecheck disable";

describe("convex/_generated", () => {
  it("is what convex makes of the functions and the schema today", async () => {
    cpSync(join(ROOT, "convex"), join(folder, "convex"), {
      recursive: true,
      filter: (path) => !path.endsWith("_generated"),
    });
    // The tool looks for its package beside the functions.
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies: { convex: "*" } }));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const tool = join(ROOT, "node_modules/convex/bin/main.js");
    const options = ["codegen", "--system-udfs", "--typecheck", "disable"];
    await promisify(execFile)(process.execPath, [tool, ...options], { cwd: folder });
    expect(generatedIn(ROOT), TO_MEND).toEqual(generatedIn(folder));
  });
});

function generatedIn(root: string): Record<string, string> {
  const generated = join(root, "convex/_generated");
  return Object.fromEntries(readdirSync(generated).map((name) => [name, readFileSync(join(generated, name), "utf8")]));
}
