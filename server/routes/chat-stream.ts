import { Hono } from "hono";
import type { Turns } from "../turns/turns.ts";
import type { HttpEnv } from "./http-env.ts";
import { lastEventId } from "./last-event-id.ts";
import { expectNoQuery } from "./parse.ts";
import { EVENT_STREAM } from "./streams/event-stream.ts";
import { followTurn, type StreamDeps } from "./streams/follow-turn.ts";
import { startOrFind } from "./turns.ts";

/** Starts and follows in one call, for simple clients such as curl; the same call with `Last-Event-ID` goes on. */
export function chatStreamRoutes(deps: StreamDeps & { turns: Turns }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post("/api/chat/stream", async (c) => {
    expectNoQuery(c);
    const seen = lastEventId(c) ?? 0;
    const { started, isNew } = await startOrFind(c, deps.turns);
    // Nobody can have seen events of a turn that starts now.
    const answer = await followTurn(c, deps, started.turnId, isNew ? 0 : seen);
    // A known turn is answered with 200 here, also when its reader has the end already.
    return answer.status === 204 ? c.body(null, 200, { "Content-Type": EVENT_STREAM }) : answer;
  });
}
