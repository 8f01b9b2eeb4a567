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

/** The body of every answer that is not a success. */
export const errorBodySchema = z.object({
  error: z.object({ code: errorCodeSchema, message: z.string(), requestId: z.string() }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** A refused request, on either end of the wire. `message` is for the person; `cause` is for the log and is never sent. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  /** Seconds until a retry makes sense; sent as `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}
