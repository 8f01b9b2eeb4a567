import { ConvexError } from "convex/values";
import * as z from "zod";
import { ApiError } from "../../../lib/protocol/errors.ts";

/** Convex answered with a status that is neither a result nor a function's own error. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`Convex answered ${status}: ${saidIn(body)}`);
    this.name = "HttpRefusal";
    this.status = status;
  }
}

/** A call that did not come to its result. Its message is for the log: it holds neither the deploy key nor any value. */
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
  if (!(error instanceof Error)) return withoutValues(String(error));
  // Ours, and without values already.
  const message = error instanceof HttpRefusal ? error.message : withoutValues(error.message);
  return error.cause === undefined ? message : `${message}: ${reasonOf(error.cause)}`;
}

/** Convex refuses in JSON, what stands in front of it in HTML. */
function saidIn(body: string): string {
  const { success, data } = httpRefusalBody.safeParse(jsonOf(body));
  return success ? `${data.code}: ${withoutValues(data.message)}` : withoutValues(body);
}

const httpRefusalBody = z.object({ code: z.string().regex(/^\w{1,100}$/), message: z.string() });

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // It is no JSON, and is shown as it is.
    return undefined;
  }
}

/** What is said up to where arguments, rows or results are quoted: they hold what people wrote. */
function withoutValues(message: string): string {
  const end = message.search(QUOTING);
  return (end === -1 ? message : `${message.slice(0, end).trimEnd()} […]`.trimStart()).slice(0, MOST_SHOWN);
}

/** Validators of Convex write `Object: {…}` and `Value: …`, its client `in original object {…}`, JSON.parse what it cannot read. */
const QUOTING = /["{]|\b(Object|Value): |\bgot `|\bin original object\b/;
const MOST_SHOWN = 500;
