import type { KeyObject } from "node:crypto";
import { ApiError } from "../../../lib/protocol/errors.ts";
import { fetchKeySet, type KeySet } from "./fetch-key-set.ts";

export type RemoteKeysOptions = {
  /** Milliseconds after which the keys are fetched again: so long a key that was withdrawn is good. */
  maxAgeMs: number;
  /** Milliseconds between two fetches that tokens can cause. */
  cooldownMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Hears of a fetch that failed while there are keys to go on with. */
  onError: (error: unknown) => void;
};

/** Finds a key by its id. */
export type FindKey = (kid: string | undefined) => Promise<KeyObject | undefined>;

/**
 * The keys of an address, fetched now and again: when they are old, and when a token names one that is not among them.
 * While the address cannot be reached the last ones stay good. Fails when none are to be had now; `find` fails with
 * `unavailable` when it would have to ask for a key and cannot.
 */
export async function fetchRemoteKeys(address: URL, options: Partial<RemoteKeysOptions> = {}): Promise<FindKey> {
  const { maxAgeMs = 300_000, cooldownMs = 10_000, now = Date.now, onError } = options;
  let keys = await fetchFirst(address);
  let fetchedAt = now();
  let failure: { error: unknown } | undefined;
  let coolUntil = 0;
  let pending: Promise<void> | undefined;

  return async (kid) => {
    if (kid === undefined) return undefined;
    if (now() - fetchedAt >= maxAgeMs) await renew();
    const found = keys.get(kid);
    if (found !== undefined) return found;
    await askAgain();
    if (!keys.has(kid) && failure !== undefined) throw unavailable(failure.error);
    return keys.get(kid);
  };

  /** An address that did not answer the last time keeps no request waiting. */
  async function renew(): Promise<void> {
    const wasDown = failure !== undefined;
    if (now() < coolUntil && wasDown) return;
    const fetching = fetchOnce();
    if (!wasDown) await fetching;
  }

  async function askAgain(): Promise<void> {
    if (pending === undefined && now() < coolUntil) return;
    coolUntil = now() + cooldownMs;
    await fetchOnce();
  }

  /** One fetch for all who need it; it does not fail. */
  function fetchOnce(): Promise<void> {
    pending ??= fetchKeySet(address)
      .then(
        (fetched) => {
          keys = fetched;
          fetchedAt = now();
          failure = undefined;
        },
        (error: unknown) => {
          failure = { error };
          coolUntil = now() + cooldownMs;
          onError?.(error);
        },
      )
      .finally(() => {
        pending = undefined;
      });
    return pending;
  }

  function unavailable(cause: unknown): ApiError {
    const retryAfter = Math.max(1, Math.ceil((coolUntil - now()) / 1_000));
    const message = "Whether this sign-in is valid cannot be checked now. Try again in a moment.";
    return new ApiError("unavailable", message, { cause, retryAfter });
  }
}

/** Without keys nobody could be let in, so that a start without them would hide a fault. */
function fetchFirst(address: URL): Promise<KeySet> {
  return fetchKeySet(address).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`CLERK_JWKS_URL: no keys could be fetched from ${address.href}: ${reason}`, { cause });
  });
}
