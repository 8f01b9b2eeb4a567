import type { ModelInfo } from "../../lib/protocol/responses.ts";
import type { Model } from "../ports/model.ts";
import type { Store } from "../ports/store.ts";
import type { Toolbox } from "../ports/toolbox.ts";
import type { TurnClaim } from "../ports/turn-log.ts";
import type { Approvals } from "./approvals.ts";
import { offerTools } from "./offer-tools.ts";
import { buildPrompt } from "./prompt.ts";
import type { RunTurn } from "./run-turn.ts";
import type { TurnLogger } from "./turn-logger.ts";
import { createUntrusted } from "./untrusted.ts";

export type PrepareDeps = {
  store: Pick<Store, "path" | "allowedTools">;
  model: Pick<Model, "stream">;
  toolbox: Toolbox;
  logger: TurnLogger;
  limits: { maxToolRounds: number; approvalTimeoutMs: number };
};

export type Preparation = {
  claim: TurnClaim;
  model: ModelInfo;
  /** The tool servers that the person chose; all when undefined. */
  servers: readonly string[] | undefined;
  approvals: Approvals;
  /** Resolves when the question is saved; nothing is generated before. */
  opened: Promise<void>;
};

/** Gathers what a turn runs with: history, tools, prompt. */
export async function prepareTurn(
  { claim, model, servers, approvals, opened }: Preparation,
  deps: PrepareDeps,
  signal: AbortSignal,
): Promise<RunTurn> {
  await opened;
  signal.throwIfAborted();
  const { store, toolbox, limits, logger } = deps;
  const { userId, parentId, question } = claim;
  const path = parentId === null ? [] : await store.path(userId, parentId);
  const untrusted = createUntrusted();
  const { tools, offered } = offerTools(toolbox, model.supports.tools ? servers : []);
  const callTools = {
    offered,
    toolbox,
    approvals,
    approvalTimeoutMs: limits.approvalTimeoutMs,
    isAllowed: async (name: string) => {
      try {
        return (await store.allowedTools(userId)).has(name);
      } catch (err) {
        // A history that is down for a moment costs a question to the person, not the turn.
        logger.warn({ turnId: claim.turnId, err }, "allowed tools could not be read");
        return false;
      }
    },
    untrusted,
  };
  const prompt = buildPrompt(path, question, { supports: model.supports, untrusted });
  const { maxToolRounds } = limits;
  return { model: deps.model, modelId: model.id, prompt, tools, maxToolRounds, callTools };
}
