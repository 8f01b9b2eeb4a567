import { RefusedError } from "../../messaging/refusal.ts";
import type { HandlersOf, RequestDeps } from "./deps.ts";

/** Asking, and what can be done about an answer that is being made. */
export function questionHandlers({ session }: RequestDeps): HandlersOf<"ask" | "unask" | "stop" | "decide"> {
  return {
    async ask(turn) {
      const { outbox, shown } = await session();
      if (shown.isDeleted(turn.conversationId)) throw new RefusedError(DELETED);
      await outbox.ask(turn);
      return {};
    },

    async unask({ turnId }) {
      const { outbox, edits } = await session();
      const turn = await outbox.unask(turnId);
      if (turn) await edits.forgetUnborn(turn.conversationId);
      return turn ? { turn } : {};
    },

    async stop({ turnId }) {
      const { api, outbox } = await session();
      // A turn that never reached the server is stopped by not sending it.
      if (!(await outbox.unask(turnId))) await api.stop(turnId);
      return {};
    },

    async decide(call) {
      const { api } = await session();
      await api.decide(call);
      return {};
    },
  };
}

/** By another panel of this device, which this one will hear of in a moment. */
const DELETED = { code: "not_found", message: "This conversation was deleted." };
