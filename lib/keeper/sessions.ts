import type { Account } from "../auth/account.ts";
import { EMPTY_KEEPER } from "../messaging/keeper-state.ts";
import { ApiError } from "../protocol/errors.ts";
import type { Settings } from "../settings.ts";
import type { KeeperOptions } from "./keeper.ts";
import type { KeeperStore } from "./keeper-store.ts";
import type { Relay } from "./relay.ts";
import { type Session, startSession } from "./session.ts";

export type SessionsOptions = Pick<
  KeeperOptions,
  "settings" | "server" | "clock" | "openCache" | "notify" | "onFault"
> & { store: KeeperStore; relay: Relay };

/** Holds the session of the account that the settings name, and begins another one when they name another. */
export function createSessions({ settings, server, clock, openCache, store, relay, notify, onFault }: SessionsOptions) {
  const { createClient } = server;
  let life = new AbortController();
  let identity = "";
  let failures = 0;
  let current = settings.read().then(begin);

  settings.watch((next) => {
    if (identityOf(next) !== identity) void restart();
  });

  async function restart(): Promise<void> {
    life.abort();
    life = new AbortController();
    current = settings.read().then(begin);
    await current;
  }

  /** Resolves with undefined when there is no account, or when the server could not say whose token it is. */
  async function begin(now: Settings): Promise<Session | undefined> {
    const { signal } = life;
    identity = identityOf(now);
    const { token, serverUrl } = now;
    if (token === undefined) {
      store.replace({ ...EMPTY_KEEPER, connection: { status: "unpaired" } });
      return undefined;
    }
    try {
      const { userId } = await server.accountOf({ ...now, token }, { settings, createClient, signal });
      signal.throwIfAborted();
      const session = await open({ serverUrl, token, userId }, signal);
      failures = 0;
      return session;
    } catch (error) {
      if (!signal.aborted) retryLater(error, signal);
      return undefined;
    }
  }

  async function open(account: Account, signal: AbortSignal): Promise<Session> {
    const access = { baseUrl: account.serverUrl, fetch: server.fetch, getToken: async () => account.token };
    const api = createClient(access);
    const openAccount = (onEmptied: () => void) => openCache({ ...account, onEmptied });
    const { followFeed, isUnreachable } = server;
    return startSession({
      access,
      followFeed,
      isUnreachable,
      api,
      openCache: openAccount,
      store,
      relay,
      clock,
      signal,
      notify,
      onFault,
    });
  }

  function retryLater(error: unknown, signal: AbortSignal): void {
    if (error instanceof ApiError && error.code === "unauthorized") {
      store.replace({ ...EMPTY_KEEPER, connection: { status: "unauthorized" } });
      return;
    }
    onFault(error);
    const ms = clock.backoff(failures);
    failures += 1;
    store.replace({
      ...EMPTY_KEEPER,
      connection: { status: "reconnecting", retryAt: clock.now() + ms, cause: "server" },
    });
    const cancel = clock.after(ms, () => void restart());
    signal.addEventListener("abort", cancel, { once: true });
  }

  function reconnect(): void {
    void current.then((session) => (session ? session.reconnect() : restart()), onFault);
  }

  /** The session of now: one that was begun while another was waited for is waited for too. */
  async function latest(): Promise<Session | undefined> {
    const awaited = current;
    const session = await awaited;
    return awaited === current ? session : latest();
  }

  return { current: latest, restart, reconnect };
}

function identityOf({ serverUrl, token }: Settings): string {
  return JSON.stringify([serverUrl, token]);
}
