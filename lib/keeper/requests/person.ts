import type { HandlersOf, RequestDeps } from "./deps.ts";

/** What belongs to the person: settings, and what is told of losses. */
export function personHandlers({ store, session }: RequestDeps): HandlersOf<"set-settings" | "dismiss"> {
  return {
    async "set-settings"(patch) {
      const { edits } = await session();
      await edits.keep({ kind: "settings", key: "settings", patch });
      return {};
    },

    async dismiss({ id }) {
      await (await session()).cache.dismissLoss(id);
      store.apply({ type: "loss-dismissed", id });
      return {};
    },
  };
}
