import { createHash, timingSafeEqual } from "node:crypto";
import type { Pairing, TokenVerifier } from "../../ports/token-verifier.ts";
import { createPairingCode, normalizePairingCode } from "./pairing-code.ts";
import { readOrCreateToken } from "./token-file.ts";

export type LocalAuth = TokenVerifier &
  Pairing & {
    /** What the person types to pair a device; valid as long as the process lives. */
    pairingCode: string;
    /** The one bearer token, for devices that are paired without a person (`npm start`). */
    token: string;
  };

/**
 * Auth for one person on one machine: a single secret token stands for the user `local`. `token` fixes it; otherwise it
 * is made at the first start and kept in `dataDir`. Throws when the kept token cannot be read.
 */
export function createLocalAuth(options: { dataDir: string; token: string | undefined }): LocalAuth {
  const token = options.token ?? readOrCreateToken(options.dataDir);
  const pairingCode = createPairingCode();
  return {
    pairingCode,
    token,
    verify: async (candidate) =>
      isSame(candidate, token) ? { ok: true, user: { id: "local" } } : { ok: false, reason: "unknown_token" },
    redeem: (code) => (isSame(normalizePairingCode(code), normalizePairingCode(pairingCode)) ? token : undefined),
  };
}

/** Compares digests, so that neither content nor length of the secret shows in the time it takes. */
function isSame(candidate: string, secret: string): boolean {
  return timingSafeEqual(digest(candidate), digest(secret));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
