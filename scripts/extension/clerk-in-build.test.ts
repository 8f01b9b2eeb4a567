import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../run-tool.ts";
import { trimClient } from "./clerk-in-build.ts";

const CLIENT = join(ROOT, "node_modules/@clerk/clerk-js/dist/clerk.no-rhc.mjs");

it("leaves out of Clerk's client what is not needed: lists of words, code from text, notes for others", () => {
  const code = readFileSync(CLIENT, "utf8");
  const trimmed = trimClient(code, CLIENT);
  expect(trimmed.length).toBeLessThan(code.length - 400_000);
  expect(code).toMatch(/[^!]\(this\.telemetry=new /);
  expect(trimmed).not.toMatch(/(?<!!1&&)\(this\.telemetry=new /);
  expect(trimmed).not.toContain("Function(");
});

it("fails when a new version of the client has it in another form", () => {
  expect(() => trimClient("export {}", CLIENT)).toThrow(/word lists/);
  const code = readFileSync(CLIENT, "utf8");
  expect(() => trimClient(code.replaceAll(".telemetry&&", ".notes&&"), CLIENT)).toThrow(/telemetry/);
});
