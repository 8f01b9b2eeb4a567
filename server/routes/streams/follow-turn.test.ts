import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { pino } from "pino";
import { expect, it } from "vitest";
import type { TurnReader } from "../../ports/turn-log.ts";
import type { HttpEnv } from "../http-env.ts";
import { followTurn } from "./follow-turn.ts";
import { createOpenStreams } from "./open-streams.ts";

it("sends nothing behind what a full stream has skipped until that is read again", async () => {
  const log = createOneTurn();
  const streams = createOpenStreams();
  const logger = pino({ level: "silent" });
  const app = new Hono<HttpEnv>().get("/", async (c) => {
    const answer = await followTurn(c, { log, streams, logger }, "turn", 0);
    // The moment between the socket's word that it has drained and the follower's next step.
    c.env.outgoing.socket?.once("drain", () => queueMicrotask(() => log.append("late")));
    return answer;
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  const request = get({ port: typeof address === "object" ? address?.port : 0, host: "127.0.0.1" });
  const response = await new Promise<IncomingMessage>((resolve) => request.on("response", resolve));

  const events = 200;
  for (let n = 0; n < events; n += 1) log.append(`${n}`.repeat(50_000));
  const pieces: string[] = [];
  response.setEncoding("utf8").on("data", (piece: string) => {
    pieces.push(piece);
    // The end of what came, not all of it: twenty megabytes that are looked through at each piece take seconds.
    if (pieces.slice(-END.length).join("").endsWith(END)) response.destroy();
  });
  await once(response, "close");
  const ids = [...pieces.join("").matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  expect(ids).toEqual(Array.from({ length: events + 1 }, (_, index) => index + 1));
  streams.close();
  server.close();
});

const END = 'data: "late"\n\n';

/** A log of one turn that hands over what it is told at once. */
function createOneTurn() {
  const events: string[] = [];
  const readers = new Set<TurnReader>();
  const batch = (after: number) => ({
    turnId: "turn",
    conversationId: "conversation",
    firstSeq: after + 1,
    events: events.slice(after),
    ended: false,
  });
  return {
    append(text: string): void {
      events.push(JSON.stringify(text));
      for (const reader of readers) reader.onBatch(batch(events.length - 1));
    },
    async attach(_: string, after: number, reader: TurnReader) {
      if (after < events.length) reader.onBatch(batch(after));
      readers.add(reader);
      return { status: "attached" as const, detach: () => void readers.delete(reader) };
    },
    attachUser: () => Promise.reject(new Error("not used here")),
  };
}
