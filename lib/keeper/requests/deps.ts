import type { Identity } from "../../auth/identity.ts";
import type { Capture, PageInfo } from "../../messaging/catalogue.ts";
import type { Handlers } from "../../messaging/serve-panel.ts";
import type { KeeperStore } from "../keeper-store.ts";
import type { Panel } from "../relay.ts";
import type { Session } from "../session.ts";

/** What the handlers of the catalogue work with. */
export type RequestDeps = {
  store: KeeperStore;
  /** The session of the account, once its cache was read. Fails with RefusedError `unpaired` when there is no account. */
  session(): Promise<Session>;
  /** The session, or undefined when there is no account. */
  anySession(): Promise<Session | undefined>;
  pair(request: { serverUrl: string; code: string }): Promise<void>;
  /** Absent in a build without accounts. */
  identity: Identity | undefined;
  /** Begins the session of somebody who has just signed in; resolves when it has begun. */
  refresh(): Promise<void>;
  /** Forgets the person and all that this device has of them. */
  signOut(): Promise<void>;
  /** What is wrong with a server for this build, as a sentence. */
  checkServer(serverUrl: string): Promise<string | undefined>;
  chooseServer(serverUrl: string): Promise<void>;
  /** Connects now, also when no session could be started yet. */
  reconnect(): void;
  pages: Pages;
  /** The conversation that the person asked for outside of a panel; only the first caller gets it. */
  takeWanted(): string | undefined;
};

/** What can be done with the active tab of a window. */
export type Pages = {
  info(windowId: number): Promise<PageInfo>;
  capture(windowId: number): Promise<Capture>;
};

/** The handlers of some of the catalogue's requests. */
export type HandlersOf<N extends keyof Handlers<Panel>> = Pick<Handlers<Panel>, N>;
