import type { UnauthorizedReason } from "../../lib/protocol/errors.ts";

/** Who a request comes from. Adapters: local pairing, Clerk. */
export interface TokenVerifier {
  /**
   * Whom the bearer token stands for, or why for nobody. Never throws for a bad token; fails with ApiError `unavailable`
   * when it cannot tell now (the issuer's keys cannot be had).
   */
  verify(token: string): Promise<Verification>;
}

export type Verification =
  /** `expiresAt` in milliseconds since 1970; absent for tokens that do not expire. */
  { ok: true; user: VerifiedUser; expiresAt?: number } | { ok: false; reason: UnauthorizedReason };

export type VerifiedUser = { id: string };

/** Exchange of a pairing code for a token; only local auth has it. */
export interface Pairing {
  /** The bearer token, or undefined when the code is wrong. */
  redeem(code: string): string | undefined;
}
