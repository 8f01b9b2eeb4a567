import type { ToolDefinition, ToolServerState } from "../../ports/toolbox.ts";
import { abortable } from "./abortable.ts";
import type { McpServer } from "./mcp-config.ts";
import { type Log, openSession, type Session } from "./session.ts";

export type ConnectionOptions = {
  logger: Log;
  /** Milliseconds for the handshake and for each page of the list; generous, since npx may have to download first. */
  connectTimeoutMs: number;
  /** Milliseconds from one attempt to the next: the first wait is doubled until it is `most`. */
  retry: { first: number; most: number };
};

/** Keeps one server connected: opens a session, follows its end, and tries again with growing waits until closed. */
export class ServerConnection {
  readonly server: McpServer;
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #session: Session | undefined;
  /** Why the last attempt failed. */
  #fault: string | undefined;
  /** The tools of the session that was lost: it is expected back, and a turn that starts meanwhile should know them. */
  #known: readonly ToolDefinition[] = [];
  #attempt = Promise.withResolvers<Session | undefined>();
  #wanted = Promise.withResolvers<void>();

  constructor(server: McpServer, options: ConnectionOptions) {
    this.server = server;
    this.#options = options;
    this.#running = this.#run();
  }

  state(): ToolServerState {
    const { name } = this.server;
    if (this.#session !== undefined) {
      const { definitions, note } = this.#session.listed();
      return { name, status: "ready", tools: definitions, ...(note !== undefined && { error: note }) };
    }
    if (this.#fault !== undefined) return { name, status: "failed", error: this.#fault, tools: [] };
    return { name, status: "connecting", tools: this.#known };
  }

  /** The live session, or the outcome of the next attempt, which is then made at once. Rejects only when `signal` aborts. */
  session(signal: AbortSignal): Promise<Session | undefined> {
    if (this.#session !== undefined || this.#closing.signal.aborted) return Promise.resolve(this.#session);
    this.#wanted.resolve();
    return abortable(this.#attempt.promise, signal);
  }

  /** Gives up a session that the server does not know any more; another one is opened. */
  async drop(session: Session): Promise<void> {
    if (this.#session === session) this.#session = undefined;
    await session.close();
  }

  /** Ends the session, its process included, and every further attempt. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wanted.resolve();
    await this.#session?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      this.#wanted = Promise.withResolvers();
      const session = await this.#open();
      this.#settle(session);
      const openedAt = performance.now();
      await session?.ended;
      this.#session = undefined;
      if (session !== undefined) this.#lost(session);
      // A server that falls right after each start would otherwise be started without a pause.
      failures = performance.now() - openedAt > STABLE_MS ? 0 : failures + 1;
      await this.#pause(failures);
    }
    this.#settle(undefined);
  }

  async #open(): Promise<Session | undefined> {
    const { logger, connectTimeoutMs: timeout } = this.#options;
    const { name } = this.server;
    try {
      const session = await openSession(this.server, { signal: this.#closing.signal, timeout, logger });
      this.#fault = undefined;
      logger.info({ server: name, tools: session.listed().definitions.length }, "tool server is ready");
      return session;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (!this.#closing.signal.aborted && fault !== this.#fault)
        logger.warn({ server: name, reason: fault }, "tool server failed");
      this.#fault = fault;
      return undefined;
    }
  }

  #settle(session: Session | undefined): void {
    const settled = this.#attempt;
    this.#attempt = Promise.withResolvers();
    this.#session = session;
    settled.resolve(session);
  }

  #lost(session: Session): void {
    this.#known = session.listed().definitions;
    if (!this.#closing.signal.aborted) this.#options.logger.warn({ server: this.server.name }, "tool server is lost");
  }

  /** Waits before the next attempt, not longer than until somebody wants the server. */
  async #pause(failures: number): Promise<void> {
    if (failures === 0) return;
    const { first, most } = this.#options.retry;
    const wait = Promise.withResolvers<void>();
    const timer = setTimeout(wait.resolve, Math.min(most, first * 2 ** (failures - 1)));
    await Promise.race([wait.promise, this.#wanted.promise]);
    clearTimeout(timer);
  }
}

/** Milliseconds after which a connection counts as one that works. */
const STABLE_MS = 10_000;
