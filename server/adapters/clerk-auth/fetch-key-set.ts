import { createPublicKey, type KeyObject } from "node:crypto";
import * as z from "zod";
import { jsonOf } from "./json-of.ts";

/** Keys by their id. */
export type KeySet = ReadonlyMap<string, KeyObject>;

/**
 * The RSA keys for signatures of a JSON Web Key Set (RFC 7517); what else is in it is skipped. Follows no redirect: the
 * address is the one that was configured. Fails in a sentence when there is no such set.
 */
export async function fetchKeySet(address: URL): Promise<KeySet> {
  const response = await fetch(address, {
    headers: { accept: "application/json, application/jwk-set+json" },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(unreachable);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`it answered with status ${response.status}`);
  }
  const set = keySetSchema.safeParse(jsonOf(await readText(response).catch(unreachable)));
  if (!set.success) throw new Error("it answered with something else than a JSON Web Key Set");
  const keys = new Map<string, KeyObject>();
  for (const each of set.data.keys) {
    const jwk = keySchema.safeParse(each);
    const key = jwk.success ? importKey(jwk.data) : undefined;
    if (jwk.success && key !== undefined && !keys.has(jwk.data.kid)) keys.set(jwk.data.kid, key);
  }
  // No issuer is without keys: an empty set is a fault of whoever answered, and would sign everybody out.
  if (keys.size === 0) throw new Error("it answered with a set that has no RSA key for signatures with RS256");
  return keys;
}

/** Requests wait for it, seldom. */
const TIMEOUT_MS = 3_000;

const MOST_BYTES = 256 * 1024;

const keySetSchema = z.object({ keys: z.array(z.unknown()) });

/** Only the public numbers are taken over, whatever else is beside them. */
const keySchema = z.object({
  kty: z.literal("RSA"),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  use: z.literal("sig").optional(),
  alg: z.literal("RS256").optional(),
});

/** Undefined for numbers that are no key, and for a key that is too short to be trusted. */
function importKey({ kty, n, e }: z.output<typeof keySchema>): KeyObject | undefined {
  try {
    const key = createPublicKey({ format: "jwk", key: { kty, n, e } });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined;
  } catch {
    return undefined;
  }
}

async function readText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    if (size > MOST_BYTES) throw new Error(`it answered with more than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Fetch hides what it was behind "fetch failed". */
function unreachable(error: unknown): never {
  if (error instanceof Error && error.name === "TimeoutError") {
    throw new Error(`it did not answer within ${TIMEOUT_MS / 1_000} s`, { cause: error });
  }
  const inner = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  throw new Error(inner instanceof Error ? inner.message || inner.name : String(inner), { cause: error });
}
