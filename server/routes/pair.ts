import { Hono } from "hono";
import { ApiError } from "../../lib/protocol/errors.ts";
import { pairSchema } from "../../lib/protocol/requests.ts";
import type { Pairing } from "../ports/token-verifier.ts";
import type { HttpEnv } from "./http-env.ts";
import { expectNoQuery, parseBody } from "./parse.ts";

/** Counts wrong codes: the same for all callers, because a guesser could change its address. */
export type TryLimit = { take(key: string): Promise<void>; giveBack(key: string): Promise<void> };

/** Exchanges the code that the server shows for the token. Only local auth has this route. */
export function pairRoutes({ pairing, tries }: { pairing: Pairing; tries: TryLimit }): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post("/api/pair", async (c) => {
    expectNoQuery(c);
    const { code } = parseBody(c, pairSchema);
    await tries.take("pair");
    const token = pairing.redeem(code);
    if (token === undefined) {
      throw new ApiError("unauthorized", "This is not the pairing code. The server shows it where it was started.");
    }
    await tries.giveBack("pair");
    return c.json({ token });
  });
}
