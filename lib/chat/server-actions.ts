import type { ServerActions } from "./chat-actions.ts";
import type { ChatContext } from "./chat-context.ts";

export type ChatSettings = { read(): Promise<{ serverUrl: string }> };

/** The server, its models and its tools. */
export function createServerActions({ link, attempt }: ChatContext, settings: ChatSettings): ServerActions {
  return {
    async chooseModel(model) {
      await attempt("set-settings", { model });
    },

    async tools() {
      return (await attempt("tools", {}))?.servers ?? [];
    },

    async pair(serverUrl, code) {
      await link.call("pair", { serverUrl, code });
    },

    async serverUrl() {
      return (await settings.read()).serverUrl;
    },

    async reconnect() {
      await attempt("reconnect", {});
    },
  };
}
