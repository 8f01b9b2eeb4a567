import { Hono } from "hono";
import { ApiError } from "../../lib/protocol/errors.ts";
import { conversationPatchSchema, pageQuerySchema } from "../../lib/protocol/requests.ts";
import type { Page, Store } from "../ports/store.ts";
import type { Turns } from "../turns/turns.ts";
import type { HttpContext, HttpEnv } from "./http-env.ts";
import { expectNoBody, expectNoQuery, idOfPath, parseBody, parseQuery } from "./parse.ts";

/** Conversations and their messages. */
export function conversationRoutes({ store, turns }: { store: Store; turns: Turns }): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get("/api/conversations", async (c) => c.json(await store.listConversations(c.get("userId"), pageOf(c))))
    .patch("/api/conversations/:id", async (c) => {
      const id = idOfPath(c, "id");
      expectNoQuery(c);
      const patch = parseBody(c, conversationPatchSchema);
      return c.json((await store.patchConversation(c.get("userId"), id, patch)) ?? missing());
    })
    .delete("/api/conversations/:id", async (c) => {
      const id = idOfPath(c, "id");
      expectNoQuery(c);
      expectNoBody(c);
      await turns.deleteConversation(c.get("userId"), id);
      return c.body(null, 204);
    })
    .get("/api/conversations/:id/messages", async (c) => {
      const id = idOfPath(c, "id");
      return c.json((await store.listMessages(c.get("userId"), id, pageOf(c))) ?? missing());
    });
}

function pageOf(c: HttpContext): Page {
  const { before, limit } = parseQuery(c, pageQuerySchema);
  return { ...(before !== undefined && { before }), limit };
}

function missing(): never {
  throw new ApiError("not_found", "There is no such conversation.");
}
