import type { StoreApi } from "zustand/vanilla";
import type { ReplyOf, RequestName, RequestOf } from "../messaging/catalogue.ts";
import type { KeeperLink } from "../messaging/keeper-link.ts";
import type { ChatState } from "./chat-state.ts";

/** What every action works with. */
export type ChatContext = {
  store: StoreApi<ChatState>;
  link: KeeperLink;
  update(change: (state: ChatState) => ChatState): void;
  /** A request whose failure is told to the person; undefined then. */
  attempt<N extends RequestName>(name: N, body: RequestOf<N>): Promise<ReplyOf<N> | undefined>;
};

/** The context of one panel. */
export function createContext(store: StoreApi<ChatState>, link: KeeperLink): ChatContext {
  const update: ChatContext["update"] = (change) => store.setState(change);
  return {
    store,
    link,
    update,
    async attempt(name, body) {
      try {
        return await link.call(name, body);
      } catch (error) {
        update((state) => ({ ...state, notice: wordsOf(error) }));
        return undefined;
      }
    },
  };
}

/** What went wrong, as a sentence for the person. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong. Try again.";
}
