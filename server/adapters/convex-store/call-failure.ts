import { ConvexError } from "convex/values";
import * as z from "zod";
import { ApiError } from "../../../lib/protocol/errors.ts";

/** Convex answered with a status that is neither a result nor a function's own error. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`Convex answered ${status}: ${body.slice(0, 500)}`);
    this.name = "HttpRefusal";
    this.status = status;
  }
}

/** A call that did not come to its result. Its message is for the log and never holds the deploy key. */
export class CallFailure extends Error {
  /** Whether the same call may succeed a moment later: the network, an overload, a fault of Convex itself. */
  readonly isTransient: boolean;
  /** What the operator has to do, when it is the setup that is wrong. */
  readonly setupFault: string | undefined;

  constructor(error: unknown, deployKey: string) {
    super(reasonOf(error).replaceAll(deployKey, "[deploy key]"));
    this.name = "CallFailure";
    this.setupFault = setupFaultOf(error);
    this.isTransient = this.setupFault === undefined && isTransient(error);
  }
}

/** What one of our functions refused, by its code; undefined when it is not one of our refusals. */
export function refusalOf(error: unknown): "bad_request" | "not_staged" | undefined {
  return error instanceof ConvexError ? refusal.safeParse(error.data).data?.code : undefined;
}

/** What the port's caller gets. */
export function asApiError(failure: CallFailure): ApiError {
  return new ApiError("unavailable", "The history cannot be reached right now.", { cause: failure, retryAfter: 1 });
}

export function unknownCursor(cause?: unknown): ApiError {
  return new ApiError("bad_request", "This cursor is not known here: start again without it.", { cause });
}

/** What puts the functions of convex/ into a deployment. */
export const DEPLOY = "run `npx convex deploy` and start again.";

const refusal = z.object({ code: z.enum(["bad_request", "not_staged"]) });

function isTransient(error: unknown): boolean {
  if (error instanceof HttpRefusal) return error.status >= 500 || error.status === 429 || error.status === 408;
  // A broken connection is a TypeError of fetch, a timeout a DOMException; what is left is a function that threw.
  return error instanceof TypeError || error instanceof DOMException;
}

function setupFaultOf(error: unknown): string | undefined {
  if (error instanceof HttpRefusal && (error.status === 401 || error.status === 403)) {
    return "Convex refuses CONVEX_DEPLOY_KEY: copy the deploy key of this deployment from the Convex dashboard again.";
  }
  if (error instanceof HttpRefusal && error.status === 404) {
    return "There is no Convex deployment at CONVEX_URL: copy its address from the Convex dashboard again.";
  }
  if (error instanceof Error && error.message.includes("Could not find public function")) {
    return `Sidestream's functions are not at CONVEX_URL, or older ones are: ${DEPLOY}`;
  }
  return undefined;
}

/** The messages of an error and of its causes: fetch says the true reason in the cause only. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
