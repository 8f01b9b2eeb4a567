import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { serve } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { EXPIRED_TOKEN_FRAME } from "../../../lib/protocol/sse.ts";
import type { HttpEnv } from "../http-env.ts";
import { EventStream } from "./event-stream.ts";
import { createOpenStreams } from "./open-streams.ts";

it("tells a reader who is too slow why it ends, behind all that was sent", async () => {
  const streams = createOpenStreams();
  const app = new Hono<HttpEnv>().get("/", (c) => {
    const stream = new EventStream(c, streams);
    // The reader of this process reads nothing meanwhile.
    while (!stream.full) stream.send(PIECE);
    stream.expire();
    return RESPONSE_ALREADY_SENT;
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  const request = get({ port: typeof address === "object" ? address?.port : 0, host: "127.0.0.1" });
  const response = await new Promise<IncomingMessage>((resolve) => request.on("response", resolve));
  const body = await text(response);
  expect(body.slice(-(PIECE.length + EXPIRED_TOKEN_FRAME.length))).toBe(PIECE + EXPIRED_TOKEN_FRAME);
  expect(streams.count()).toBe(0);
  streams.close();
  server.close();
});

const PIECE = `data: ${"x".repeat(50_000)}\n\n`;
