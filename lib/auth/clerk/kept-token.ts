import * as z from "zod";
import type { Clock } from "../../api/clock.ts";
import type { StorageArea } from "./client-storage.ts";

const SESSION_KEY = "clerkSessionToken";
/** A token with less left is not handed out: it may not outlive its way to the server. */
const LEAST_LIFE_MS = 10_000;

/**
 * The last token, while it is good: in memory, and in the storage that ends with the browser, so that a worker that is
 * woken within a token's life asks Clerk nothing. `session` is absent where the browser has no such storage.
 */
export function createKeptToken({ session, clock }: { session?: StorageArea | undefined; clock: Clock }) {
  let inMemory: Kept | undefined;

  return {
    /** The token of that person, if it is good for some time yet. */
    async read(userId: string): Promise<string | undefined> {
      inMemory ??= await stored();
      return inMemory !== undefined && isGood(inMemory, userId, clock.now()) ? inMemory.token : undefined;
    },
    /** Takes a token that was made just now. */
    async keep(token: string): Promise<void> {
      inMemory = { token, since: clock.now() };
      await session?.set({ [SESSION_KEY]: inMemory });
    },
    async drop(): Promise<void> {
      inMemory = undefined;
      await session?.remove([SESSION_KEY]);
    },
  };

  async function stored(): Promise<Kept | undefined> {
    const items = await session?.get([SESSION_KEY]);
    return keptSchema.safeParse(items?.[SESSION_KEY]).data;
  }
}

/** `since`: when it came, in milliseconds since 1970 by the clock of this device. */
const keptSchema = z.object({ token: z.string(), since: z.number() });
type Kept = z.infer<typeof keptSchema>;

/** Seconds since 1970, by the clock of Clerk. */
const claimsSchema = z.object({ sub: z.string(), iat: z.number(), exp: z.number() });

/**
 * Reads the claims without checking the signature, which is the server's business. Clocks of devices are wrong by minutes
 * and hours: each clock is compared with itself only.
 */
function isGood({ token, since }: Kept, userId: string, now: number): boolean {
  const claims = claimsSchema.safeParse(decodeClaims(token));
  if (!claims.success || claims.data.sub !== userId) return false;
  const lifeMs = (claims.data.exp - claims.data.iat) * 1_000;
  const ageMs = now - since;
  return ageMs >= 0 && lifeMs - ageMs > LEAST_LIFE_MS;
}

function decodeClaims(token: string): unknown {
  const body = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
  try {
    return JSON.parse(atob(body));
  } catch {
    // What is no token has no claims.
    return undefined;
  }
}
