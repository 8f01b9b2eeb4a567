/** Who a request comes from. Adapters: local pairing, Clerk. */
export interface TokenVerifier {
  /** The user that the bearer token stands for, or undefined when it stands for nobody (any reason; never throws for a bad token). */
  verify(token: string): Promise<VerifiedUser | undefined>;
}

export type VerifiedUser = { id: string };

/** Exchange of a pairing code for a token; only local auth has it. */
export interface Pairing {
  /** The bearer token, or undefined when the code is wrong. */
  redeem(code: string): string | undefined;
}
