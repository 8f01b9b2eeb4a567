import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLocalAuth } from "./index.ts";

let dataDir = "";
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), "sidestream-auth-")), "data");
});
afterEach(() => rmSync(join(dataDir, ".."), { recursive: true }));

describe("local auth", () => {
  it("makes a token that only the owner can read, and keeps it", async () => {
    const first = createLocalAuth({ dataDir, token: undefined });
    const second = createLocalAuth({ dataDir, token: undefined });
    expect(second.token).toBe(first.token);
    expect(first.token.length).toBeGreaterThanOrEqual(32);
    expect(statSync(join(dataDir, "local-token")).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(await second.verify(first.token)).toEqual({ ok: true, user: { id: "local" } });
  });

  it("knows nobody by another token", async () => {
    const auth = createLocalAuth({ dataDir, token: "x".repeat(32) });
    for (const token of ["", "x", "x".repeat(31), "x".repeat(33), "y".repeat(32), "é".repeat(32)]) {
      expect(await auth.verify(token)).toEqual({ ok: false, reason: "unknown_token" });
    }
    expect(await auth.verify("x".repeat(32))).toEqual({ ok: true, user: { id: "local" } });
  });

  it("redeems its code however it is typed, and no other", () => {
    const auth = createLocalAuth({ dataDir, token: undefined });
    const code = auth.pairingCode;
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/);
    for (const typed of [code, code.toLowerCase(), code.replace("-", ""), ` ${code.replace("-", " ")} `]) {
      expect(auth.redeem(typed)).toBe(auth.token);
    }
    for (const wrong of ["", "-", code.slice(1), `${code}2`, code.replace(/^./, code.startsWith("2") ? "3" : "2")]) {
      expect(auth.redeem(wrong)).toBeUndefined();
    }
    expect(createLocalAuth({ dataDir, token: undefined }).pairingCode).not.toBe(code);
  });

  it("says what to do about a damaged token file", () => {
    createLocalAuth({ dataDir, token: undefined });
    writeFileSync(join(dataDir, "local-token"), "short");
    expect(() => createLocalAuth({ dataDir, token: undefined })).toThrow(/Delete the file/);
  });
});
