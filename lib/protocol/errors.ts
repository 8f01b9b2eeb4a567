import * as z from "zod";

/** What a request can be refused with. Closed: a client may switch over it exhaustively. */
export const errorCodeSchema = z.enum([
  "bad_request",
  "unauthorized",
  "forbidden",
  "not_found",
  "turn_running",
  "already_decided",
  "log_expired",
  "too_large",
  "rate_limited",
  "internal",
  "unavailable",
]);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

export const STATUS_BY_CODE = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  turn_running: 409,
  already_decided: 409,
  log_expired: 410,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

/** Why a turn ended as `failed`. Closed. */
export const failureCodeSchema = z.enum([
  "interrupted",
  "upstream_auth",
  "upstream_rate_limited",
  "upstream_error",
  "upstream_truncated",
  "upstream_stalled",
  "context_too_long",
  "internal",
]);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** Why a token was refused: a 401 says it beside its code, so that client and operator know what to do. Closed. */
export const unauthorizedReasonSchema = z.enum([
  /** No token was sent. */
  "no_token",
  /** Not a token of the form that this server takes. */
  "malformed_token",
  /** Local auth: not the token of this server. */
  "unknown_token",
  /** `alg: none`. */
  "unsigned_token",
  /** Another algorithm than RS256. */
  "wrong_algorithm",
  /** Its key id is none of the issuer's. */
  "unknown_key",
  "bad_signature",
  "wrong_issuer",
  /** It names an audience; the tokens of this server have none. */
  "wrong_audience",
  "expired_token",
  "not_yet_valid",
  /** `iat` lies in the future. */
  "issued_in_future",
  "missing_subject",
  "missing_session",
  "missing_expiry",
  "missing_issue_time",
  "missing_authorized_party",
  "wrong_authorized_party",
  /** `sts: pending`: the person has a step of signing in left. */
  "pending_session",
]);
export type UnauthorizedReason = z.infer<typeof unauthorizedReasonSchema>;

/** The body of every answer that is not a success. `reason` is there for refused tokens. */
export const errorBodySchema = z.object({
  error: z.object({
    code: errorCodeSchema,
    message: z.string(),
    requestId: z.string(),
    reason: unauthorizedReasonSchema.optional().catch(undefined),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** A refused request, on either end of the wire. `message` is for the person; `cause` is for the log and is never sent. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** Seconds until a retry makes sense; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** Of `unauthorized`: why the token was refused. */
  readonly reason: UnauthorizedReason | undefined;

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.reason = options.reason;
  }
}

type ApiErrorOptions = {
  cause?: unknown;
  retryAfter?: number | undefined;
  reason?: UnauthorizedReason | undefined;
};
