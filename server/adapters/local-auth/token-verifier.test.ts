import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { describeTokenVerifier } from "../../ports/token-verifier.contract.ts";
import { createLocalAuth } from "./index.ts";

const dataDir = mkdtempSync(join(tmpdir(), "sidestream-verifier-"));
afterAll(() => rmSync(dataDir, { recursive: true }));

describeTokenVerifier("local auth", async () => {
  const verifier = createLocalAuth({ dataDir, token: undefined });
  return { verifier, token: verifier.token, userId: "local" };
});
