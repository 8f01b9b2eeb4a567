import { RefusedError } from "../../messaging/refusal.ts";
import type { HandlersOf, RequestDeps } from "./deps.ts";

type Names = "tools" | "pair" | "reconnect" | "check-server" | "use-server";

/** The server itself. */
export function serverHandlers(deps: RequestDeps): HandlersOf<Names> {
  return {
    tools: async () => (await deps.session()).api.tools(),

    async pair(request) {
      await deps.pair(request);
      return {};
    },

    async reconnect() {
      deps.reconnect();
      return {};
    },

    async "check-server"({ serverUrl }) {
      const fault = await deps.checkServer(originOf(serverUrl));
      return fault === undefined ? {} : { fault };
    },

    async "use-server"({ serverUrl }) {
      const origin = originOf(serverUrl);
      const fault = await deps.checkServer(origin);
      if (fault !== undefined) throw new RefusedError({ code: "unfit_server", message: fault });
      await deps.chooseServer(origin);
      return {};
    },
  };
}

function originOf(serverUrl: string): string {
  return new URL(serverUrl).origin;
}
