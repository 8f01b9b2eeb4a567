import type { HandlersOf, RequestDeps } from "./deps.ts";

/** What belongs to the person: settings, and what is told of losses. */
export function personHandlers({ store, session }: RequestDeps): HandlersOf<"set-settings" | "dismiss"> {
  return {
    async "set-settings"(patch) {
      const { api } = await session();
      store.apply({ type: "settings", settings: await api.patchSettings(patch) });
      return {};
    },

    async dismiss({ id }) {
      store.apply({ type: "loss-dismissed", id });
      return {};
    },
  };
}
