import * as z from "zod";
import type { UnauthorizedReason } from "../../../lib/protocol/errors.ts";
import type { Verification } from "../../ports/token-verifier.ts";

/** What is in a token. A claim of another kind than it must be counts as missing. */
export const claimsSchema = z.object({
  iss: z.unknown().optional(),
  aud: z.unknown().optional(),
  azp: z.string().min(1).optional().catch(undefined),
  sub: z.string().min(1).optional().catch(undefined),
  sid: z.string().min(1).optional().catch(undefined),
  /** Times in seconds since 1970. */
  exp: z.number().optional().catch(undefined),
  iat: z.number().optional().catch(undefined),
  // May be left out, so that another kind must not pass for that.
  nbf: z.number().optional(),
  sts: z.unknown().optional(),
});
export type Claims = z.output<typeof claimsSchema>;

export type Expectations = {
  issuer: string;
  isAuthorizedParty: (azp: string) => boolean;
  /** Milliseconds since 1970. */
  now: number;
};

/** Whom the claims of a token with a good signature stand for, or the first that is wrong with them. */
export function judgeClaims(claims: Claims, { issuer, isAuthorizedParty, now }: Expectations): Verification {
  const { sub, sid, azp, exp, iat, nbf, sts } = claims;
  const seconds = now / 1_000;
  if (claims.iss !== issuer) return refuse("wrong_issuer");
  if (claims.aud !== undefined) return refuse("wrong_audience");
  if (exp === undefined) return refuse("missing_expiry");
  if (exp <= seconds - TOLERANCE) return refuse("expired_token");
  if (nbf !== undefined && nbf > seconds + TOLERANCE) return refuse("not_yet_valid");
  if (iat === undefined) return refuse("missing_issue_time");
  if (iat > seconds + TOLERANCE) return refuse("issued_in_future");
  if (sub === undefined) return refuse("missing_subject");
  if (sid === undefined) return refuse("missing_session");
  if (azp === undefined) return refuse("missing_authorized_party");
  if (!isAuthorizedParty(azp)) return refuse("wrong_authorized_party");
  // Older tokens do not say it; whatever else it says is not a session in use.
  if (sts !== undefined && sts !== "active") return refuse("pending_session");
  return { ok: true, user: { id: sub }, expiresAt: exp * 1_000 };
}

/** Seconds by which our clock and the issuer's may differ. */
const TOLERANCE = 5;

function refuse(reason: UnauthorizedReason): Verification {
  return { ok: false, reason };
}
