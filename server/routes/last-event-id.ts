import * as z from "zod";
import { seqSchema } from "../../lib/protocol/requests.ts";
import type { HttpContext } from "./http-env.ts";
import { parseForm } from "./parse.ts";

/** The number of the last event that a reconnecting reader has (`Last-Event-ID`). Fails with `bad_request`. */
export function lastEventId(c: HttpContext): number | undefined {
  const header = c.req.header("Last-Event-ID");
  return header === undefined ? undefined : parseForm({ "Last-Event-ID": header }, schema)["Last-Event-ID"];
}

const schema = z.object({ "Last-Event-ID": seqSchema });
