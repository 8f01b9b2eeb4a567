import { Hono } from "hono";
import { settingsPatchSchema } from "../../lib/protocol/requests.ts";
import type { Store } from "../ports/store.ts";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery, parseBody } from "./parse.ts";

/** What belongs to the person and not to a device. */
export function settingsRoutes({ store }: { store: Store }): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get("/api/settings", async (c) => {
      expectNoQuery(c);
      return c.json(await store.settings(c.get("userId")));
    })
    .patch("/api/settings", async (c) => {
      expectNoQuery(c);
      return c.json(await store.patchSettings(c.get("userId"), parseBody(c, settingsPatchSchema)));
    });
}
