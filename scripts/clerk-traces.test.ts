import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clerkTraces } from "./clerk-traces.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sidestream-traces-"));
  mkdirSync(join(folder, "chunks"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("finds what is of Clerk's packages, in all files of code, and not our own words", () => {
  writeFileSync(join(folder, "background.js"), 'fetch("/v1/client?__clerk_db_jwt=")');
  writeFileSync(join(folder, "chunks", "panel.js"), "class ClerkAPIResponseError {}");
  writeFileSync(join(folder, "ours.js"), 'auth:["local","clerk"],"set CLERK_ISSUER","the sign-in service, Clerk"');
  expect(clerkTraces(folder)).toEqual(["background.js", "chunks/panel.js"]);
});
