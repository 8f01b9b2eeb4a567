import { randomUUIDv7 } from "node:crypto";
import { ApiError } from "../../lib/protocol/errors.ts";
import { noModelMessage } from "../../lib/protocol/no-model.ts";
import type { StartTurn } from "../../lib/protocol/requests.ts";
import type { ModelInfo, StartedTurn } from "../../lib/protocol/responses.ts";
import type { Model } from "../ports/model.ts";
import type { Store } from "../ports/store.ts";
import type { TurnClaim, TurnLog } from "../ports/turn-log.ts";
import { titleOf } from "./title.ts";

export type StartDeps = { log: TurnLog; store: Store; model: Model; now: () => Date; isClosing: () => boolean };

/** A turn that this request claimed, with the model that is to answer; without one it was claimed before. */
export type Claimed = { claim: TurnClaim; model?: ModelInfo };

/**
 * Checks a new turn and claims its id. Fails with ApiError: `bad_request` (unknown model, message
 * id in use), `not_found` (somebody else's or missing ids), `turn_running`, `unavailable`.
 */
export async function startTurn(userId: string, request: StartTurn, deps: StartDeps): Promise<Claimed> {
  const { log, store } = deps;
  const model = await chooseModel(request.model, deps.model);
  const place = { ...request, userMessageId: request.message.id };
  const check = await store.checkTurn(userId, place);
  if (check === "message-taken") {
    throw new ApiError(
      "bad_request",
      `message.id ${request.message.id} is in use. Make a new UUIDv7 for each message.`,
    );
  }
  if (check === "not-found") throw noPlace();

  // The last thing before the claim: to choose the model may have taken its time.
  if (deps.isClosing()) throw new ApiError("unavailable", "The server is shutting down.", { retryAfter: 5 });
  const result = await log.claim(claimOf(userId, request, deps.now()));
  if (result.status === "busy") {
    throw new ApiError("turn_running", "An answer is being written in this conversation. Wait for its end or stop it.");
  }
  const { claim } = result;
  if (claim.userId !== userId) throw noPlace();
  return result.status === "known" ? { claim } : { claim, model };
}

/** How a claimed turn is answered, the first time and every time after. */
export function startedTurn({ turnId, conversationId, userMessageId, assistantMessageId }: TurnClaim): StartedTurn {
  return { turnId, conversationId, userMessageId, assistantMessageId };
}

/** The answer for turns that do not exist and for those of others. */
export function noTurn(): ApiError {
  return new ApiError("not_found", "There is no such turn.");
}

/** One answer for all ids that are not free to this user: it does not say which of them somebody else has. */
function noPlace(): ApiError {
  return new ApiError("not_found", "There is no such turn, conversation or parent message.");
}

async function chooseModel(wanted: string | undefined, model: Model): Promise<ModelInfo> {
  const { default: byDefault, models } = await model.list();
  const id = wanted ?? byDefault;
  const info = models.find((each) => each.id === id);
  if (!info) throw new ApiError("bad_request", noModelMessage(id));
  return info;
}

function claimOf(userId: string, request: StartTurn, now: Date): TurnClaim {
  const { turnId, conversationId, parentId, message } = request;
  return {
    turnId,
    userId,
    conversationId,
    parentId,
    userMessageId: message.id,
    assistantMessageId: randomUUIDv7(),
    question: message.parts,
    title: titleOf(message.parts),
    createdAt: now.toISOString(),
  };
}
