import { ApiError } from "../protocol/errors.ts";

/** What becomes of a question that the server did not take. */
export type Verdict =
  | { status: "refused"; message: string }
  /** Milliseconds that the server asked to wait; 0 when it did not say. */
  | { status: "queued" | "waiting"; retryAfterMs: number };

/** A refusal stands; a conversation that is busy, a server that is, and one that cannot be reached are waited for. */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof ApiError)) return { status: "waiting", retryAfterMs: 0 };
  const retryAfterMs = (error.retryAfter ?? 0) * 1_000;
  switch (error.code) {
    case "turn_running":
      return { status: "queued", retryAfterMs };
    // A new pairing sends it again.
    case "unauthorized":
    case "rate_limited":
    case "unavailable":
    case "internal":
      return { status: "waiting", retryAfterMs };
    default:
      return { status: "refused", message: error.message };
  }
}
