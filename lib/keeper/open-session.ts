import type { Account } from "../auth/account.ts";
import type { KeeperStore } from "./keeper-store.ts";
import type { Relay } from "./relay.ts";
import { type Session, startSession } from "./session.ts";
import { type SessionsOptions, stateOf } from "./sessions.ts";
import { tellSignInReach } from "./sign-in-reach.ts";

export type OpenSessionOptions = SessionsOptions & {
  account: Account;
  signal: AbortSignal;
  /** The server refused the token. */
  onRefused(account: Account, session: Pick<Session, "api" | "reconnect">, signal: AbortSignal): void;
  /** The server takes the token for somebody else's. */
  onStranger(message: string, account: Account): void;
};

/** Starts the session of an account, which has no effect on panels any more once `signal` has aborted. */
export async function openSession(options: OpenSessionOptions): Promise<Session> {
  const { account, accounts, server, signal, openCache, clock, notify, onFault } = options;
  const { serverUrl, userId, getToken } = account;
  const { isSignInUnreachable } = server;
  const store = storeUntil(signal, options.store);
  const onBack = () => void session.then(sendAll, onFault);
  const reach = { getToken, isSignInUnreachable, store, clock, signal, onBack };
  const api = server.createClient({ baseUrl: serverUrl, getToken: tellSignInReach(reach) });
  const session: Promise<Session> = startSession({
    access: { baseUrl: serverUrl, fetch: server.fetch, getToken },
    account: stateOf(account),
    followFeed: server.followFeed,
    isUnreachable: (error) => server.isUnreachable(error) || server.isSignInUnreachable(error),
    causeOf: (error) => (server.isSignInUnreachable(error) ? "sign-in" : "server"),
    api,
    settings: options.settings,
    openCache: (onEmptied) => openCache({ serverUrl, userId, onEmptied }),
    store,
    relay: relayUntil(signal, options.relay),
    clock,
    signal,
    notify: (notice) => void (signal.aborted || notify(notice)),
    onRefused: (reconnect) => options.onRefused(account, { api, reconnect }, signal),
    onFault: (error) => void (signal.aborted || onFault(error)),
  });
  if (accounts.hasPeople) watchStranger(options, { api, store });
  return session;
}

function sendAll({ outbox, edits }: Session): void {
  outbox.sendAll();
  edits.sendAll();
}

/** A paired token was asked for its user before the session began; that of a person is asked with the first connection. */
function watchStranger({ account, signal, onStranger, onFault }: OpenSessionOptions, { api, store }: Watched): void {
  const unwatch = store.watch((state, before) => {
    if (state.connection.status !== "online" || before.connection.status === "online") return;
    api.session(signal).then(
      ({ user }) => {
        unwatch();
        if (user.id !== account.userId && !signal.aborted) onStranger(STRANGER, account);
      },
      // The next connection asks again.
      (error: unknown) => void (signal.aborted || onFault(error)),
    );
  });
  signal.addEventListener("abort", unwatch);
}

type Watched = Pick<Session, "api"> & { store: KeeperStore };

const STRANGER =
  "This server takes you for somebody else than the sign-in service does. Sign out, or use another server.";

/** What an ended session still says is heard by nobody: it is another person's. */
function storeUntil(signal: AbortSignal, store: KeeperStore): KeeperStore {
  return {
    get state() {
      return store.state;
    },
    apply: (change) => void (signal.aborted || store.apply(change)),
    replace: (state) => void (signal.aborted || store.replace(state)),
    watch: store.watch,
  };
}

function relayUntil(signal: AbortSignal, relay: Relay): Relay {
  return {
    ...relay,
    sendMessages: (conversationId, messages) => void (signal.aborted || relay.sendMessages(conversationId, messages)),
  };
}
