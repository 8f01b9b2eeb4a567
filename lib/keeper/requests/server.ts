import type { HandlersOf, RequestDeps } from "./deps.ts";

/** The server itself. */
export function serverHandlers({ session, pair, reconnect }: RequestDeps): HandlersOf<"tools" | "pair" | "reconnect"> {
  return {
    tools: async () => (await session()).api.tools(),

    async pair(request) {
      await pair(request);
      return {};
    },

    async reconnect() {
      reconnect();
      return {};
    },
  };
}
