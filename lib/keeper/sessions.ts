import type { Account } from "../auth/account.ts";
import { type AccountState, type Connection, EMPTY_KEEPER } from "../messaging/keeper-state.ts";
import type { Accounts } from "./accounts.ts";
import type { KeeperOptions } from "./keeper.ts";
import type { KeeperStore } from "./keeper-store.ts";
import { openSession } from "./open-session.ts";
import { isUnauthorized, refusedWords } from "./refused-account.ts";
import type { Relay } from "./relay.ts";
import type { Session } from "./session.ts";

export type SessionsOptions = Pick<
  KeeperOptions,
  "settings" | "server" | "clock" | "openCache" | "deleteCaches" | "notify" | "clearNotices" | "onFault"
> & {
  accounts: Accounts;
  store: KeeperStore;
  relay: Relay;
};

export type Sessions = ReturnType<typeof createSessions>;

/** A session, and whose it is. */
type OwnedSession = Session & { userId: string };

/** Holds the session of whoever is connected, and begins another one when that is somebody else. */
export function createSessions(options: SessionsOptions) {
  const { accounts, clock, store, onFault } = options;
  let life = new AbortController();
  let key: string | undefined;
  let failures = 0;
  /** While somebody is being forgotten nobody's session may begin. */
  let leaving: Promise<unknown> = Promise.resolve();
  let current = begin(life.signal);

  accounts.watch(() => void refresh().catch(onFault));

  /** Begins another session when somebody else is connected now. */
  async function refresh(): Promise<void> {
    const entry = await accounts.who();
    if (entry?.key !== key) {
      key = entry?.key;
      void restart().catch(onFault);
    }
    await latest();
  }

  async function restart(): Promise<void> {
    end();
    current = begin(life.signal);
    await current;
  }

  /** All that the session of now still does has no effect any more. */
  function end(): void {
    life.abort();
    life = new AbortController();
    current = Promise.resolve(undefined);
  }

  /** Resolves with undefined when there is no account, or when the server could not say whose token it is. */
  async function begin(signal: AbortSignal): Promise<OwnedSession | undefined> {
    try {
      await leaving;
      const entry = await accounts.who();
      if (signal.aborted) return undefined;
      key = entry?.key;
      if (!entry) {
        showNobody();
        return undefined;
      }
      const account = await entry.account(signal);
      signal.throwIfAborted();
      makeRoomFor(account);
      const session = await openSession({ ...options, account, signal, onRefused, onStranger: refuse });
      failures = 0;
      return { ...session, userId: account.userId };
    } catch (error) {
      if (!signal.aborted) retryLater(error, signal);
      return undefined;
    }
  }

  function showNobody(): void {
    if (store.state.account) void options.clearNotices().catch(onFault);
    store.replace({ ...EMPTY_KEEPER, connection: accounts.nobody });
  }

  /** Nothing of somebody else stays in view, nor, where people follow each other on this device, in its storage. */
  function makeRoomFor(account: Account): void {
    const shown = store.state.account;
    if (shown && (shown.userId !== account.userId || shown.serverUrl !== account.serverUrl)) {
      store.replace({ ...EMPTY_KEEPER, account: stateOf(account) });
      void options.clearNotices().catch(onFault);
    }
    if (accounts.hasPeople) void options.deleteCaches((userId) => userId !== account.userId).catch(onFault);
  }

  /** The server does not take the token of the session: a fresh one may do, else it is said why not. */
  function onRefused(account: Account, session: Pick<Session, "api" | "reconnect">, signal: AbortSignal): void {
    if (!accounts.hasPeople) {
      store.apply({ type: "connection", connection: { status: "unauthorized" } });
      return;
    }
    const again = () => {
      const ms = clock.backoff(failures);
      failures += 1;
      const cancel = clock.after(ms, session.reconnect);
      signal.addEventListener("abort", cancel, { once: true });
    };
    session.api.session(signal).then(again, async (error: unknown) => {
      if (signal.aborted) return;
      if (!isUnauthorized(error)) {
        again();
        return;
      }
      const fault = await options.server.checkServer(account.serverUrl, "clerk", signal).catch(() => undefined);
      if (!signal.aborted) refuse(fault ?? refusedWords(error), account);
    });
  }

  function refuse(message: string, account: Account): void {
    end();
    store.replace({
      ...EMPTY_KEEPER,
      account: stateOf(account),
      connection: { status: "unauthorized", message },
    });
  }

  function retryLater(error: unknown, signal: AbortSignal): void {
    if (isUnauthorized(error)) {
      store.replace({ ...EMPTY_KEEPER, connection: { status: "unauthorized" } });
      return;
    }
    onFault(error);
    const ms = clock.backoff(failures);
    failures += 1;
    const connection: Connection = { status: "reconnecting", retryAt: clock.now() + ms, cause: "server" };
    store.replace({ ...EMPTY_KEEPER, connection });
    const cancel = clock.after(ms, () => void restart());
    signal.addEventListener("abort", cancel, { once: true });
  }

  function reconnect(): void {
    void current.then((session) => (session ? session.reconnect() : restart()), onFault);
  }

  /** The session of now: one that was begun while another was waited for is waited for too. */
  async function latest(): Promise<OwnedSession | undefined> {
    const awaited = current;
    const session = await awaited;
    return awaited === current ? session : latest();
  }

  /**
   * Signs out: ends the session and deletes all that this device has of the person. The sign-in itself goes last, so that
   * a worker which dies in the middle leaves somebody who can sign out again, and not a history without an owner.
   */
  async function forget(): Promise<void> {
    const shown = store.state.account?.userId;
    end();
    store.replace({ ...EMPTY_KEEPER, connection: accounts.nobody });
    const gone = eraseAll(shown);
    leaving = gone.catch(() => undefined);
    await gone.finally(restart);
  }

  /** Tries every step, and fails afterwards: a broken database keeps nobody signed in. */
  async function eraseAll(shown: string | undefined): Promise<void> {
    const failures: unknown[] = [];
    const tried = <T>(step: Promise<T>) => step.catch((error: unknown) => void failures.push(error));
    const known = (await tried(accounts.who()))?.userId;
    await tried(options.deleteCaches((userId) => userId === known || userId === shown));
    await tried(options.clearNotices());
    await tried(accounts.forget());
    if (failures.length > 0) throw new AggregateError(failures, "Not everything of the person could be deleted.");
  }

  /**
   * Whether it is this person who is connected. What is shown may be behind: a worker that has just begun shows nobody yet,
   * and one whose person was just followed by another one still shows the first, whose sign-out must not be the other's.
   */
  async function isFor(userId: string): Promise<boolean> {
    const entry = await accounts.who().catch(onFault);
    const known = entry?.userId ?? store.state.account?.userId;
    return known === undefined || known === userId;
  }

  return { isFor, current: latest, refresh, restart, reconnect, forget };
}

/** What panels are told of an account. */
export function stateOf({ userId, serverUrl, email }: Account): AccountState {
  return { userId, serverUrl, ...(email !== undefined && { email }) };
}
