import * as z from "zod";
import type { Verification } from "../../ports/token-verifier.ts";
import { jsonOf } from "./json-of.ts";
import { type Claims, claimsSchema } from "./judge-claims.ts";

/** A token of the right form, of which nothing is proven yet. */
export type Token = { text: string; kid: string | undefined; claims: Claims };

/** The parts of a token that is signed with RS256, by its own word. */
export function readToken(text: string): ({ ok: true } & Token) | Extract<Verification, { ok: false }> {
  const [, head = "", body = "", signature = ""] = (text.length <= MOST_CHARACTERS && FORM.exec(text)) || [];
  const header = headerSchema.safeParse(jsonOf(decoded(head)));
  if (!header.success) return MALFORMED;
  const { alg, kid } = header.data;
  if (alg.toLowerCase() === "none") return { ok: false, reason: "unsigned_token" };
  if (alg !== "RS256") return { ok: false, reason: "wrong_algorithm" };
  const claims = claimsSchema.safeParse(jsonOf(decoded(body)));
  if (!claims.success || !isCanonical(signature)) return MALFORMED;
  return { ok: true, text, kid, claims: claims.data };
}

const MALFORMED = { ok: false, reason: "malformed_token" } as const;

/** Clerk's fit into a cookie of 4 KB. */
const MOST_CHARACTERS = 8_192;

const FORM = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

/** `crit` names what a verifier must understand; there is nothing of the kind here. Where keys are is no token's say. */
const headerSchema = z.object({ alg: z.string(), kid: z.string().optional(), crit: z.undefined().optional() });

function decoded(part: string): string {
  return Buffer.from(part, "base64url").toString("utf8");
}

/** The last character has bits that decoding drops: with them one token could be written in several ways. */
function isCanonical(signature: string): boolean {
  return Buffer.from(signature, "base64url").toString("base64url") === signature;
}
