import { createClerkClient } from "@clerk/chrome-extension/client";
import * as z from "zod";
import type { Clock } from "../../api/clock.ts";
import { createClientStorage, type StorageArea } from "./client-storage.ts";
import type { PublishableKey } from "./publishable-key.ts";
import { toSignInError, unreachable } from "./sign-in-words.ts";
import { within } from "./within.ts";

export type Clerk = ReturnType<typeof createClerkClient>;
export type Session = NonNullable<Clerk["client"]>["sessions"][number];

/** A request for a token that Clerk's client would send on its own account, when nobody waits for it any more. */
export class GivenUpError extends Error {
  /** The client repeats what fails in other ways, for minutes. */
  readonly status = 499;
}

/** Clerk's client, loaded, with a way of asking it that says truly whether Clerk answered. */
export type Line = {
  clerk: Clerk;
  /** A token made now, null when offline. Fails as Clerk's client does, or with GivenUpError. */
  newToken(session: Session): Promise<string | null>;
  /** Runs a step of Clerk's client. Fails with SignInError: also when no answer came, which Clerk's client may keep to itself. */
  ask<T>(step: () => Promise<T>): Promise<T>;
};

export type ConnectionDeps = { key: PublishableKey; local: StorageArea; fetch: typeof fetch; clock: Clock };

/** How long a sign of life, the start of Clerk's client, one request and one step of signing in may take. */
const REACH_MS = 3_000;
const LOAD_MS = 10_000;
const REQUEST_MS = 8_000;
const STEP_MS = 15_000;
/** For one token: the second is Clerk's client showing the expired one on demand, or one repetition. */
const TOKEN_REQUESTS = 2;

/** What one person does at Clerk, from the first form to the sign-out. Clerk's client is made when it is first needed. */
export function createConnection({ key, local, fetch, clock }: ConnectionDeps) {
  const storage = createClientStorage(local);
  let opening: Promise<Line> | undefined;

  /** The one client, made once; a start that fails is made again by the next who asks. Fails with SignInError. */
  function open(): Promise<Line> {
    opening ??= start().catch((error: unknown) => {
      opening = undefined;
      throw toSignInError(error);
    });
    return opening;
  }

  async function start(): Promise<Line> {
    await reach();
    try {
      return watchRequests(await load(), clock);
    } catch (error) {
      if ((await storage.read()) === undefined || !isUnauthorized(error)) throw error;
      // Clerk has forgotten this browser.
      await storage.drop();
      await reach();
      return watchRequests(await load(), clock);
    }
  }

  /** Clerk's client starts with requests that nothing can cut, so it is not made before Clerk was seen to answer. */
  function load(): Promise<Clerk> {
    const made = createClerkClient({ publishableKey: key.key, background: true, storageCache: storage.cache });
    return within(LOAD_MS, made, clock);
  }

  /** Fails unless Clerk answers. With development keys that is also how this browser gets its id, as Clerk's own pages do. */
  async function reach(): Promise<void> {
    const base = `https://${key.frontendApi}/v1`;
    const signal = AbortSignal.timeout(REACH_MS);
    if (key.isProduction || (await storage.read()) !== undefined) {
      await fetch(`${base}/environment`, { mode: "no-cors", credentials: "omit", signal });
      return;
    }
    const response = await fetch(`${base}/dev_browser`, { method: "POST", credentials: "omit", signal });
    if (!response.ok) throw unreachable(new Error(`POST /v1/dev_browser: ${response.status}`));
    await storage.save(z.object({ id: z.string() }).parse(await response.json()).id);
  }

  /**
   * The end: the token of this browser's client leaves the storage at once, and Clerk is told to end its sessions, for as
   * long as `signal` lets it. Not through Clerk's client, whose requests cannot be cut and which shares its state with the
   * next person's.
   */
  async function leave(signal: AbortSignal): Promise<void> {
    const token = await storage.close();
    if (token === undefined) return;
    const url = new URL(`https://${key.frontendApi}/v1/client/sessions?_method=DELETE`);
    const headers = new Headers();
    if (key.isProduction) {
      url.searchParams.set("_is_native", "1");
      headers.set("authorization", `Bearer ${token}`);
    } else url.searchParams.set("__clerk_db_jwt", token);
    const { ok, status } = await fetch(url, { method: "POST", headers, credentials: "omit", signal });
    if (!ok) throw new Error(`DELETE /v1/client/sessions: ${status}`);
  }

  return { open, leave };
}

function isUnauthorized(error: unknown): boolean {
  return z.object({ status: z.literal(401) }).safeParse(error).success;
}

const lockSchema = z.object({
  payload: z.object({ errors: z.array(z.object({ meta: z.object({ lockout_expires_in_seconds: z.number() }) })) }),
});

/** Counts the answers, sets a limit to each request, and notes how long a lock lasts. */
function watchRequests(clerk: Clerk, clock: Clock): Line {
  let answers = 0;
  let lockedFor: number | undefined;
  let tokenRequests = 0;
  clerk.__internal_onBeforeRequest((request) => {
    if (request.path?.endsWith("/tokens") && ++tokenRequests > TOKEN_REQUESTS) throw new GivenUpError();
    const limit = AbortSignal.timeout(REQUEST_MS);
    request.signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  });
  clerk.__internal_onAfterResponse((_request, response) => {
    answers += 1;
    lockedFor = lockSchema.safeParse(response).data?.payload.errors[0]?.meta.lockout_expires_in_seconds;
  });

  async function ask<T>(step: () => Promise<T>): Promise<T> {
    const before = answers;
    tokenRequests = 0;
    try {
      const result = await within(STEP_MS, step(), clock);
      // Offline, Clerk's client gives what it had before as if that were the answer.
      if (answers === before) throw unreachable();
      return result;
    } catch (error) {
      throw toSignInError(error, lockedFor);
    }
  }

  async function newToken(session: Session): Promise<string | null> {
    tokenRequests = 0;
    try {
      // Not from its cache: that hands out tokens with five seconds left, and some that name no authorized party.
      return await session.getToken({ skipCache: true });
    } finally {
      // Else its cache asks for the next one by itself, again and again, for as long as the worker lives.
      session.clearCache();
    }
  }

  return { clerk, ask, newToken };
}
