import { Hono } from "hono";
import * as z from "zod";
import { ApiError } from "../../lib/protocol/errors.ts";
import { decideSchema, eventsQuerySchema, startTurnSchema, turnIdOfBodySchema } from "../../lib/protocol/requests.ts";
import type { Turns } from "../turns/turns.ts";
import type { HttpContext, HttpEnv } from "./http-env.ts";
import { lastEventId } from "./last-event-id.ts";
import { expectNoBody, expectNoQuery, idOfPath, parseBody, parseForm, parseQuery, readJson } from "./parse.ts";
import { followTurn, type StreamDeps } from "./streams/follow-turn.ts";

/** Turns: start, follow, stop, answer an approval. */
export function turnRoutes(deps: StreamDeps & { turns: Turns }): Hono<HttpEnv> {
  const { turns } = deps;
  return new Hono<HttpEnv>()
    .post("/api/turns", async (c) => {
      expectNoQuery(c);
      const { started } = await startOrFind(c, turns);
      return c.json(started, 202);
    })
    .get("/api/turns/:turnId/events", async (c) => {
      const turnId = idOfPath(c, "turnId");
      const { after } = parseQuery(c, eventsQuerySchema);
      const seen = lastEventId(c) ?? after ?? 0;
      if ((await turns.known(c.get("userId"), turnId)) === undefined) {
        throw new ApiError("not_found", "There is no such turn.");
      }
      return followTurn(c, deps, turnId, seen);
    })
    .post("/api/turns/:turnId/stop", async (c) => {
      const turnId = idOfPath(c, "turnId");
      expectNoQuery(c);
      expectNoBody(c);
      const state = await turns.stop(c.get("userId"), turnId);
      return c.json({}, state === "ended" ? 200 : 202);
    })
    .post("/api/turns/:turnId/calls/:callId", async (c) => {
      const turnId = idOfPath(c, "turnId");
      const callId = parseForm(c.req.param("callId"), z.string());
      expectNoQuery(c);
      const { decision, remember } = parseBody(c, decideSchema);
      await turns.decide(c.get("userId"), turnId, callId, { decision, remember: remember ?? false });
      return c.json({});
    });
}

/**
 * Starts the turn that the body describes. A known id is answered as the first time whatever else the body says, so
 * only the id is looked at before that is known.
 */
export async function startOrFind(c: HttpContext, turns: Turns) {
  const body = readJson(c);
  const userId = c.get("userId");
  const id = turnIdOfBodySchema.safeParse(body);
  const known = id.success ? await turns.known(userId, id.data.turnId) : undefined;
  if (known !== undefined) return { started: known, isNew: false };
  return { started: await turns.start(userId, parseForm(body, startTurnSchema)), isNew: true };
}
