import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { createRefresher } from "./create-refresher.ts";
import { cutText } from "./cut-text.ts";
import { faultText, isAnswer, redact } from "./fault-text.ts";
import { type ListedTools, listTools } from "./list-tools.ts";
import type { McpServer } from "./mcp-config.ts";
import { openTransport } from "./open-transport.ts";

/** What an adapter may say to the log; pino's logger is one. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** One live connection to a server, from its handshake to its end. */
export type Session = {
  client: Client;
  /** Its tools as of now. */
  listed(): ListedTools;
  /** Resolves when the connection is lost or closed. */
  ended: Promise<void>;
  close(): Promise<void>;
};

/** Connects and lists the tools, each step within `timeout` ms. Rejects with an error whose message is for the person. */
export async function openSession(
  server: McpServer,
  { signal, timeout, logger }: { signal: AbortSignal; timeout: number; logger: Log },
): Promise<Session> {
  const { transport, lastWords, close } = openTransport(server, (line) =>
    logger.debug({ server: server.name, line: cutText(redact(server, line), LINE_CHARACTERS) }, "tool server prints"),
  );
  const report = (error: unknown) =>
    logger.debug({ server: server.name, reason: faultText(server, error) }, "tool server trouble");
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let losing: Promise<void> | undefined;
  const lose = () => {
    end();
    refresher.stop();
    losing ??= close();
    return losing;
  };

  // No capabilities: no server may ask us for a model call, a file root or the person's input.
  const client = new Client({ name: "sidestream", version: "1" }, { capabilities: {} });
  let listed: ListedTools = { definitions: [], originals: new Map() };
  const list = async () => {
    listed = await listTools(client, server.name, { timeout });
  };
  const refresher = createRefresher(list, RELIST_GAP_MS, report);
  const isAlive = createProbe(client);

  client.setNotificationHandler(ToolListChangedNotificationSchema, refresher.request);
  client.onclose = end;
  client.onerror = (error) => {
    report(error);
    // A child that is lost closes its pipes, but a lost HTTP server closes nothing: ask it. (Closing is in trouble too.)
    if (server.kind === "http" && losing === undefined) isAlive().then((alive) => (alive ? undefined : lose()), report);
  };

  // Not given to the SDK: it would keep a listener for each request and cancel those that are done.
  const giveUp = () => lose().catch(report);
  signal.throwIfAborted();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await client.connect(transport, { timeout });
    await refresher.run();
    return { client, listed: () => listed, ended, close: lose };
  } catch (error) {
    await lose();
    throw new Error(faultText(server, error, lastWords()), { cause: error });
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Whether a connected server still answers, be it with an error. Asked again while it is asking, it says yes. */
function createProbe(client: Client): () => Promise<boolean> {
  let asking = false;
  return async () => {
    if (asking || client.getServerCapabilities() === undefined) return true;
    asking = true;
    try {
      await client.ping({ timeout: PROBE_MS });
      return true;
    } catch (error) {
      return isAnswer(error);
    } finally {
      asking = false;
    }
  };
}

const LINE_CHARACTERS = 300;

const RELIST_GAP_MS = 100;

/** What a server has to answer a ping after a transport error. */
const PROBE_MS = 5_000;
