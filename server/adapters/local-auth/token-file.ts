import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The token kept in `dataDir`, made when there is none; only the owner can read it. Throws when the file is damaged. */
export function readOrCreateToken(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, "local-token");
  if (!existsSync(path)) writeOnce(path, randomBytes(32).toString("base64url"));
  chmodSync(path, 0o600);
  const token = readFileSync(path, "utf8").trim();
  if (!/^[\x21-\x7e]{32,}$/.test(token)) {
    throw new Error(`${path} holds no usable token. Delete the file, start again and pair your devices anew.`);
  }
  return token;
}

/** Appears whole or not at all, and never replaces the token of a server that started in the same moment. */
function writeOnce(path: string, token: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${token}\n`, { mode: 0o600 });
  try {
    if (!existsSync(path)) linkSync(draft, path);
  } finally {
    rmSync(draft);
  }
}
