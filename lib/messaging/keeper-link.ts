import {
  CATALOGUE,
  type ReplyOf,
  type RequestName,
  type RequestOf,
  type ToKeeper,
  type ToPanel,
  toPanelSchema,
} from "./catalogue.ts";
import type { Port } from "./port.ts";
import { RefusedError } from "./refusal.ts";
import { SCHEMAS } from "./schemas.ts";

/** What the background says by itself. */
export type KeeperPush = Exclude<ToPanel, { type: "reply" | "refusal" }>;

export type KeeperLink = {
  /** Asks the background. Fails with RefusedError; waits for a new worker when the present one dies. */
  call<N extends RequestName>(name: N, body: RequestOf<N>): Promise<ReplyOf<N>>;
  /**
   * Calls back with everything pushed from now on; `snapshot` comes first and again after each reconnect. Returns the
   * end of it. The first subscription opens the Port, so that no push is missed.
   */
  subscribe(listener: (push: KeeperPush) => void): () => void;
  close(): void;
};

export type KeeperLinkOptions = {
  /** Opens a Port to the background; it wakes a worker that is dead. Throws when the extension is gone. */
  connect(): Port;
  windowId: number;
  clock?: LinkClock;
};

/**
 * The panel's end of the Port. A worker that dies closes the Port: the link opens another, introduces itself, shows the
 * conversation again that it had opened, and repeats the requests that had no reply (all of them may come twice).
 */
export function createKeeperLink({ connect, windowId, clock = systemClock }: KeeperLinkOptions): KeeperLink {
  const listeners = new Set<(push: KeeperPush) => void>();
  const waiting = new Map<number, Waiting>();
  let port: Port | undefined;
  /** The last request to open, from its call on: a worker that dies before its reply must not be told of the one before. */
  let opened: { id: number; body: RequestOf<"open"> } | undefined;
  /** Whom the panel shows. */
  let userId: string | undefined;
  let nextId = 1;
  let failures = 0;
  let closed = false;
  let cancelRetry: (() => void) | undefined;
  const endAlive = clock.every(ALIVE_MS, () => send({ type: "alive" }));

  function call<N extends RequestName>(name: N, body: RequestOf<N>): Promise<ReplyOf<N>> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(new RefusedError(GONE));
      const id = nextId++;
      const settle = (reply: unknown) => {
        const parsed = SCHEMAS[name].reply.safeParse(reply);
        if (!parsed.success) return reject(parsed.error);
        resolve(parsed.data);
      };
      const asked: Waiting = { name, body, userId, settle, reject };
      waiting.set(id, asked);
      if (name === "open") opened = { id, body: CATALOGUE.open.request.parse(body) };
      if (port) request(id, asked);
      else join();
    });
  }

  function subscribe(listener: (push: KeeperPush) => void): () => void {
    listeners.add(listener);
    if (!port) join();
    return () => listeners.delete(listener);
  }

  function close(): void {
    closed = true;
    endAlive();
    cancelRetry?.();
    port?.disconnect();
    port = undefined;
    rejectAll();
  }

  /** Opens the Port and says all that a new worker has to know. */
  function join(): void {
    cancelRetry?.();
    if (closed) return;
    let joined: Port;
    try {
      joined = connect();
    } catch (cause) {
      // The extension was updated or removed: no worker will ever answer this page again.
      closed = true;
      endAlive();
      rejectAll(cause);
      return;
    }
    port = joined;
    joined.onMessage.addListener((raw) => port === joined && receive(raw));
    joined.onDisconnect.addListener(() => port === joined && rejoin());
    send({ type: "hello", windowId });
    // One that still waits for its reply is repeated with the others, behind all older ones.
    if (opened && !waiting.has(opened.id)) reopen(opened.body);
    for (const [id, asked] of waiting) request(id, asked);
  }

  function request(id: number, { name, body, userId }: Waiting): void {
    send({ type: "request", id, name, body, ...(userId !== undefined && { userId }) });
  }

  function rejoin(): void {
    port = undefined;
    const delay = Math.min(RETRY_MS * failures, RETRY_MAX_MS);
    failures += 1;
    cancelRetry = clock.after(delay, join);
  }

  /** What changed in the opened conversation while no worker was there comes as if it had been pushed. */
  function reopen(body: RequestOf<"open">): void {
    const settle = (reply: unknown) => {
      const view = CATALOGUE.open.reply.safeParse(reply).data;
      if (view) push({ type: "messages", conversationId: view.conversationId, messages: view.messages });
    };
    // It is shown already; a refusal leaves what is shown.
    const id = nextId++;
    opened = { id, body };
    waiting.set(id, { name: "open", body, userId, settle, reject: () => undefined });
  }

  function receive(raw: unknown): void {
    failures = 0;
    const parsed = toPanelSchema.safeParse(raw);
    if (!parsed.success) console.error("A message of the background has no known form", parsed.error);
    else if (parsed.data.type === "reply") take(parsed.data.id)?.settle(parsed.data.body);
    else if (parsed.data.type === "refusal") take(parsed.data.id)?.reject(new RefusedError(parsed.data));
    else push(parsed.data);
  }

  /** What was opened for one person is nothing that a new worker should open for another. */
  function showPerson(next: string | undefined): void {
    if (next !== userId) opened = undefined;
    userId = next;
  }

  function take(id: number): Waiting | undefined {
    const asked = waiting.get(id);
    waiting.delete(id);
    return asked;
  }

  function push(message: KeeperPush): void {
    if (message.type === "snapshot") showPerson(message.state.account?.userId);
    for (const listener of [...listeners]) listener(message);
  }

  function send(message: ToKeeper): void {
    port?.postMessage(message);
  }

  function rejectAll(cause?: unknown): void {
    for (const { reject } of waiting.values()) reject(new RefusedError(GONE, { cause }));
    waiting.clear();
  }

  return { call, subscribe, close };
}

/** Calls back once, or again and again, after milliseconds. Both return what ends that. */
export type LinkClock = {
  after(ms: number, callback: () => void): () => void;
  every(ms: number, callback: () => void): () => void;
};

const systemClock: LinkClock = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  every(ms, callback) {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};

type Waiting = {
  name: RequestName;
  body: unknown;
  userId: string | undefined;
  settle(reply: unknown): void;
  reject(error: unknown): void;
};

const GONE = { code: "gone", message: "The extension was updated. Close this panel and open it again." };

/** A worker dies after 30 s without a message (Chromium, Firefox). */
const ALIVE_MS = 20_000;
const RETRY_MS = 250;
const RETRY_MAX_MS = 5_000;
