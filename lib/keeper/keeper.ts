import type { CreateClient } from "../api/client.ts";
import type { Clock } from "../api/clock.ts";
import type { followFeed } from "../api/feed.ts";
import type { accountOf } from "../auth/account.ts";
import type { AuthKind } from "../auth/check-server.ts";
import type { Identity } from "../auth/identity.ts";
import type { pairWithServer } from "../auth/pair.ts";
import type { Cache, CacheOptions } from "../cache/cache.ts";
import type { Intent } from "../messaging/catalogue.ts";
import type { Port } from "../messaging/port.ts";
import type { Refusal } from "../messaging/refusal.ts";
import { servePanel } from "../messaging/serve-panel.ts";
import type { SettingsStore } from "../settings.ts";
import { pairedAccounts, signedInAccounts } from "./accounts.ts";
import { type Badge, watchBadge } from "./badge.ts";
import { explain } from "./explain.ts";
import { createHandlersFor } from "./handlers-for.ts";
import { createIntents } from "./intents.ts";
import { keepAlive } from "./keep-alive.ts";
import { createKeeperStore } from "./keeper-store.ts";
import type { Notice } from "./notice.ts";
import { createRelay, type Panel } from "./relay.ts";
import type { Pages } from "./requests/deps.ts";
import { createSessions } from "./sessions.ts";

export type KeeperOptions = {
  settings: SettingsStore;
  server: ServerAccess;
  /** Signing in with accounts. Absent in a build without them, which pairs with a code instead. */
  identity?: Identity | undefined;
  clock: Clock;
  openCache(options: Pick<CacheOptions, "serverUrl" | "userId" | "onEmptied">): Cache;
  /** Deletes the caches of these users on every server. */
  deleteCaches(isGone: (userId: string) => boolean): Promise<void>;
  pages: Pages;
  showBadge(badge: Badge): void;
  notify(notice: Notice): void;
  clearNotices(): Promise<void>;
  touch(): Promise<unknown>;
  alarm: { start(): void; stop(): void };
  onFault(error: unknown): void;
};

/** How the server is reached: what lib/api and lib/auth offer. */
export type ServerAccess = {
  fetch: typeof globalThis.fetch;
  createClient: CreateClient;
  followFeed: typeof followFeed;
  pair: typeof pairWithServer;
  accountOf: typeof accountOf;
  /** What is wrong with a server for a build of that kind; undefined when they fit. */
  checkServer(serverUrl: string, kind: AuthKind, signal?: AbortSignal): Promise<string | undefined>;
  /** Whether this failure means that no usable answer came. */
  isUnreachable(error: unknown): boolean;
  /** Whether it means that the sign-in service gave no token. */
  isSignInUnreachable(error: unknown): boolean;
  /** What a panel is told of a failed step of signing in; undefined for other errors. */
  signInRefusal(error: unknown): Refusal | undefined;
};

/** The background side: one feed for all conversations, folded, cached and told to every panel. It starts at once. */
export function createKeeper(options: KeeperOptions) {
  const { settings, server, identity, clock, pages, onFault } = options;
  const accounts = identity ? signedInAccounts({ settings, identity }) : pairedAccounts({ settings, server });
  const store = createKeeperStore();
  const relay = createRelay({ clock, store });
  const intents = createIntents({ clock, relay });
  keepAlive({ ...options, store });
  watchBadge(store, options.showBadge);
  const sessions = createSessions({ ...options, accounts, store, relay });
  let wanted: string | undefined;

  store.watch((state, before) => {
    if (before.account && before.account.userId !== state.account?.userId) wanted = undefined;
  });

  const handlersFor = createHandlersFor({
    sessions,
    store,
    pages,
    async pair(request) {
      await server.pair(request, { settings, createClient: server.createClient });
      await sessions.restart();
    },
    identity,
    refresh: sessions.refresh,
    signOut: sessions.forget,
    checkServer: (serverUrl) => server.checkServer(serverUrl, identity ? "clerk" : "local"),
    async chooseServer(serverUrl) {
      await settings.save({ serverUrl });
      await sessions.refresh();
    },
    reconnect: sessions.reconnect,
    takeWanted() {
      const taken = wanted;
      wanted = undefined;
      return taken;
    },
  });

  /** A panel opened its Port: it gets the snapshot when the cache has been read, so that it never shows an empty one. */
  function connect(port: Port): void {
    servePanel<Panel>(port, {
      handlersFor,
      enter,
      leave: relay.detach,
      explain: (error) => server.signInRefusal(error) ?? explain(error, server.isUnreachable),
      onFault,
    });
  }

  function enter({ windowId, send }: Pick<Panel, "windowId" | "send">): Panel {
    const panel: Panel = { windowId, send, opened: null, isGone: false };
    const attach = () => {
      cancel();
      if (panel.isGone || relay.has(panel)) return;
      relay.attach(panel);
      void showPage(windowId);
      intents.deliver(windowId);
    };
    const cancel = clock.after(SNAPSHOT_WAIT_MS, attach);
    sessions.current().then(attach, onFault);
    return panel;
  }

  async function showPage(windowId: number): Promise<void> {
    const panels = relay.inWindow(windowId);
    if (panels.length === 0) return;
    try {
      const page = await pages.info(windowId);
      for (const panel of panels) panel.send({ type: "page", page });
    } catch (error) {
      onFault(error);
    }
  }

  return {
    connect,
    /** The active tab of a window, or its page, or what may be read of it, changed. */
    pageChanged: (windowId: number) => void showPage(windowId),
    /** Hands the panel of a window what the person chose elsewhere, when it is there. */
    intend: (windowId: number, intent: Intent) => intents.intend(windowId, intent),
    /** The next fresh panel shows this conversation. */
    showNext(conversationId: string): void {
      wanted = conversationId;
    },
  };
}

/** A server that does not say whose token it is must not keep the panel empty; a cache is read in less. */
const SNAPSHOT_WAIT_MS = 2_000;
