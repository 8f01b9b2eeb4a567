import type { KeyObject } from "node:crypto";
import { compactVerify } from "jose";
import type { TokenVerifier, Verification } from "../../ports/token-verifier.ts";
import { authorizedParty } from "./authorized-party.ts";
import { judgeClaims } from "./judge-claims.ts";
import { readToken, type Token } from "./read-token.ts";
import { fetchRemoteKeys, type RemoteKeysOptions } from "./remote-keys.ts";

export type ClerkAuthOptions = {
  /** The `iss` of every token, to the character. */
  issuer: string;
  /** The issuer's public key, or the address of its key set. */
  key: KeyObject | URL;
  /** Origins that `azp` may name; `moz-extension://*` stands for the extension in any Firefox. */
  authorizedParties: readonly string[];
} & Partial<RemoteKeysOptions>;

/**
 * Session tokens of Clerk. All that they are checked with comes from the options: nothing that a token says leads to an
 * address being asked. Fails when the key set cannot be had at the start; later it goes on with the keys that it has.
 */
export async function createClerkAuth(options: ClerkAuthOptions): Promise<TokenVerifier> {
  const { issuer, key, now = Date.now } = options;
  const isAuthorizedParty = authorizedParty(options.authorizedParties);
  const findKey = key instanceof URL ? await fetchRemoteKeys(key, options) : async () => key;
  return {
    verify: async (text): Promise<Verification> => {
      const token = readToken(text);
      if (!token.ok) return token;
      const found = await findKey(token.kid);
      if (found === undefined) return { ok: false, reason: "unknown_key" };
      if (!(await isSignedWith(found, token))) return { ok: false, reason: "bad_signature" };
      return judgeClaims(token.claims, { issuer, isAuthorizedParty, now: now() });
    },
  };
}

/** Whatever jose has against the signature, it is not one that counts. */
function isSignedWith(key: KeyObject, { text }: Token): Promise<boolean> {
  return compactVerify(text, key, { algorithms: ["RS256"] }).then(
    () => true,
    () => false,
  );
}
