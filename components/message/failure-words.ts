import type { FailureCode } from "../../lib/protocol/errors.ts";

type Words = { title: string; next: string };

/** The one place where the end of a turn becomes words: what happened, and what to do next. */
export const FAILURE_WORDS: Record<FailureCode, Words> = {
  interrupted: {
    title: "The server was interrupted while this was being written.",
    next: "What had arrived is kept. Try again for a whole answer.",
  },
  upstream_auth: {
    title: "The model service did not accept the server’s key.",
    next: "Check OPENROUTER_API_KEY on the server, then try again.",
  },
  upstream_rate_limited: {
    title: "The model is getting too many requests.",
    next: "Wait a minute and try again, or choose another model.",
  },
  upstream_error: {
    title: "The model service broke off with an error.",
    next: "This is usually brief. Try again, or choose another model.",
  },
  upstream_truncated: {
    title: "The answer ended early.",
    next: "The model service closed the connection before the end. Try again for a whole answer.",
  },
  upstream_stalled: {
    title: "The model stopped sending.",
    next: "Nothing came for too long, so the server gave up. Try again, or choose another model.",
  },
  context_too_long: {
    title: "This is more than the model can read at once.",
    next: "Leave out the page, ask about a selection of it, or choose a model with a longer context.",
  },
  internal: {
    title: "Something went wrong on the server.",
    next: "Try again. If it happens again, the server’s log has the cause.",
  },
};
