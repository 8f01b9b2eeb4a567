import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { ReadBuffer, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { StdioServer } from "./mcp-config.ts";
import { signalGroup } from "./process-group.ts";

/**
 * MCP over the standard streams of a child. The SDK's own stdio transport ends only its direct child, and usual commands
 * (npx, uvx, sh) are parents of the real server; here the child leads a process group, and the group is ended.
 */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  readonly #server: StdioServer;
  readonly #onStderr: (chunk: string) => void;
  readonly #buffer = new ReadBuffer();
  readonly #ended = Promise.withResolvers<void>();
  #child: Child | undefined;
  #closing: Promise<void> | undefined;

  constructor(server: StdioServer, onStderr: (chunk: string) => void) {
    this.#server = server;
    this.#onStderr = onStderr;
  }

  start(): Promise<void> {
    const { command, args, cwd, env } = this.#server;
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    this.#child = child;
    child.once("spawn", resolve);
    child.on("error", (error) => {
      reject(error);
      this.#ended.resolve();
    });
    child.once("exit", () => {
      // What is left of its group would run on without an owner; what left the group may still hold the pipes.
      signalGroup(child.pid, "SIGKILL");
      setTimeout(() => destroyStreams(child), GRACE_MS).unref();
    });
    child.once("close", () => {
      this.#ended.resolve();
      this.onclose?.();
    });
    child.stdin.on("error", (error) => this.onerror?.(error));
    child.stdout.on("error", (error) => this.onerror?.(error));
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stderr.setEncoding("utf8").on("data", this.#onStderr);
    return started;
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (stdin === undefined || !stdin.writable) return Promise.reject(new Error("the server has ended"));
    return new Promise((resolve, reject) => {
      stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the child and its group: end of input, then SIGTERM, then SIGKILL, each a moment after the last. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    child.stdin.end();
    if (await this.#endsWithin(GRACE_MS)) return;
    signalGroup(child.pid, "SIGTERM");
    if (await this.#endsWithin(GRACE_MS)) return;
    signalGroup(child.pid, "SIGKILL");
    await this.#ended.promise;
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const timeout = Promise.withResolvers<false>();
    const timer = setTimeout(timeout.resolve, ms, false);
    const ended = await Promise.race([this.#ended.promise.then(() => true), timeout.promise]);
    clearTimeout(timer);
    return ended;
  }

  #read(chunk: Buffer): void {
    try {
      this.#buffer.append(chunk);
    } catch (error) {
      // A message beyond the buffer's limit (10 MB): what follows cannot be told apart any more.
      this.#report(error);
      this.close().catch((failure: unknown) => this.#report(failure));
      return;
    }
    while (this.#readMessage());
  }

  /** Whether there was a line; one that is no message is reported and passed over, since some servers print there. */
  #readMessage(): boolean {
    try {
      const message = this.#buffer.readMessage();
      if (message === null) return false;
      this.onmessage?.(message);
    } catch (error) {
      this.#report(error);
    }
    return true;
  }

  #report(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function destroyStreams(child: Child): void {
  for (const stream of child.stdio) stream?.destroy();
}

/** Half of the time that a person would wait for Sidestream to stop. */
const GRACE_MS = 1_000;
