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
  let inMemory: string | undefined;

  return {
    /** The token of that person, if it is good for some time yet. */
    async read(userId: string): Promise<string | undefined> {
      inMemory ??= await stored();
      return inMemory !== undefined && isGood(inMemory, userId, clock.now()) ? inMemory : undefined;
    },
    async keep(token: string): Promise<void> {
      inMemory = token;
      await session?.set({ [SESSION_KEY]: token });
    },
    async drop(): Promise<void> {
      inMemory = undefined;
      await session?.remove([SESSION_KEY]);
    },
  };

  async function stored(): Promise<string | undefined> {
    const items = await session?.get([SESSION_KEY]);
    return z.string().optional().catch(undefined).parse(items?.[SESSION_KEY]);
  }
}

const claimsSchema = z.object({ sub: z.string(), exp: z.number() });

/** Reads the claims without checking the signature, which is the server's business. */
function isGood(token: string, userId: string, now: number): boolean {
  const claims = claimsSchema.safeParse(decodeClaims(token));
  return claims.success && claims.data.sub === userId && claims.data.exp * 1_000 - now > LEAST_LIFE_MS;
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
