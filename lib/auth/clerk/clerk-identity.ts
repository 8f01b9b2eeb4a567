import type { Clock } from "../../api/clock.ts";
import type { SettingsStore } from "../../settings.ts";
import { type Identity, type Person, SignInError, type SignInStep, SignInUnreachableError } from "../identity.ts";
import type { StorageArea } from "./client-storage.ts";
import { createConnection, type Line } from "./connection.ts";
import { signInWithGoogle, type WebAuth } from "./google.ts";
import { createKeptToken } from "./kept-token.ts";
import { readPublishableKey } from "./publishable-key.ts";
import { findToken } from "./session-token.ts";
import { type CodeStep, enter, type Progress, resend, sendCode, signIn, signUp, verify } from "./sign-in-steps.ts";
import { StartAgainError } from "./sign-in-words.ts";
import { within } from "./within.ts";

export type ClerkIdentityDeps = {
  /** WXT_CLERK_PUBLISHABLE_KEY */
  publishableKey: string;
  settings: SettingsStore;
  /** `session` where the browser has it: what ends with the browser and no page can read. */
  storage: { local: StorageArea; session?: StorageArea | undefined };
  fetch: typeof fetch;
  clock: Clock;
  /** Given when the build offers Google. */
  webAuth?: WebAuth | undefined;
  /** Told of what the person need not know, such as a sign-out that Clerk did not hear of. */
  onFault(error: unknown): void;
};

/** How long a caller waits for a token, and how long a sign-out tries to tell Clerk. Clerk's own limits are far longer. */
const TOKEN_MS = 3_000;
const LEAVE_MS = 3_000;
/** How long a mailed code is asked for: longer than it lives, because another can be sent. */
const CODE_STEP_MS = 1_800_000;

/**
 * The identity by Clerk, for the background only. Who is signed in is in the settings and a good token is kept, so that
 * Clerk's client is loaded only to sign in or to get the next token.
 */
export function createClerkIdentity(deps: ClerkIdentityDeps): Identity {
  const { settings, storage, fetch, clock, webAuth, onFault } = deps;
  const key = readPublishableKey(deps.publishableKey);
  const connect = () => createConnection({ key, local: storage.local, fetch, clock });
  const kept = createKeptToken({ session: storage.session, clock });
  const watchers = new Set<(person: Person | undefined) => void>();
  let connection = connect();
  let asking: Promise<string | undefined> | undefined;
  let lastStep: Promise<unknown> = Promise.resolve();

  const current = async () => (await settings.read()).person;

  async function pendingStep(): Promise<CodeStep | undefined> {
    const { signInStep } = await settings.read();
    if (signInStep === undefined) return undefined;
    if (signInStep.until <= clock.now()) {
      // Somebody's address: it does not stay here for a code that nobody waits for.
      await settings.save({ signInStep: undefined });
      return undefined;
    }
    const { email, purpose } = signInStep;
    return { step: "code", email, purpose };
  }

  async function getToken({ fresh } = { fresh: false }): Promise<string | undefined> {
    const connected = connection;
    const person = await current();
    if (person === undefined) return undefined;
    if (fresh) await kept.drop();
    const good = await kept.read(person.userId);
    if (good !== undefined) return good;
    // Signed out meanwhile: what is connected now is another person's.
    if (connected !== connection) return undefined;
    asking ??= askForToken(person);
    const mine = asking;
    try {
      return await within(TOKEN_MS, mine, clock);
    } catch (cause) {
      throw new SignInUnreachableError({ cause });
    } finally {
      // After a failure, and also when it came too late, the next caller tries anew.
      if (asking === mine) asking = undefined;
    }
  }

  async function askForToken(person: Person): Promise<string | undefined> {
    const mine = connection;
    const found = await findToken(await mine.open(), person.userId);
    if (mine !== connection) return undefined;
    if (found.token !== undefined) await kept.keep(found.token);
    // A sign-out that has only just begun still names the person of before.
    else if ((await current())?.userId === person.userId) await forget();
    return found.token;
  }

  /** Runs the steps one after the other, and keeps where the last one got to. A sign-out meanwhile makes it void. */
  function step(run: (line: Line) => Promise<Progress>): Promise<SignInStep> {
    const mine = connection;
    const take = async (): Promise<SignInStep> => {
      if ((await current()) !== undefined) {
        throw new SignInError("failed", "Somebody is signed in here already. Sign out first.");
      }
      const line = await mine.open();
      const progress = await run(line);
      const person = progress.step === "session" ? await enter(line, progress.sessionId) : undefined;
      if (mine !== connection) throw new SignInError("cancelled", "You signed out meanwhile.");
      if (progress.step === "code") {
        const { email, purpose } = progress;
        await settings.save({ signInStep: { email, purpose, until: clock.now() + CODE_STEP_MS } });
        return progress;
      }
      await kept.drop();
      await settings.save({ person, signInStep: undefined });
      tell(person);
      return { step: "done" };
    };
    const taken = lastStep.then(take);
    // Whoever asked for the step gets its failure; the next step only waits.
    lastStep = taken.catch(() => undefined);
    return taken;
  }

  function codeStep(run: (line: Line, waited: CodeStep) => Promise<Progress>): Promise<SignInStep> {
    return step(async (line) => {
      const waited = await pendingStep();
      try {
        if (waited === undefined) throw new StartAgainError();
        return await run(line, waited);
      } catch (error) {
        if (error instanceof StartAgainError) await settings.save({ signInStep: undefined });
        throw error;
      }
    });
  }

  /** Takes everything of the person off this device and gives what is left to tell Clerk. */
  async function forget(): Promise<void> {
    const left = connection;
    connection = connect();
    asking = undefined;
    const leaving = left.leave(AbortSignal.timeout(LEAVE_MS));
    await settings.save({ person: undefined, signInStep: undefined });
    await kept.drop();
    tell(undefined);
    await leaving.catch(onFault);
  }

  function tell(person: Person | undefined): void {
    for (const onChange of watchers) onChange(person);
  }

  return {
    current,
    getToken,
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
    signIn: (request) => step((line) => signIn(line, request)),
    signUp: (request) => step((line) => signUp(line, request)),
    sendCode: (request) => step((line) => sendCode(line, request)),
    verify: ({ code }) => codeStep((line, waited) => verify(line, waited, code.trim())),
    resendCode: () =>
      codeStep(async (line, waited) => {
        await resend(line, waited);
        return waited;
      }),
    pendingStep,
    ...(webAuth !== undefined && { google: () => step((line) => signInWithGoogle(line, webAuth)) }),
    signOut: forget,
  };
}
