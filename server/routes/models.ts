import { Hono } from "hono";
import type { Model } from "../ports/model.ts";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery } from "./parse.ts";

/** The models on offer. */
export function modelRoutes({ model }: { model: Model }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get("/api/models", async (c) => {
    expectNoQuery(c);
    return c.json(await model.list());
  });
}
