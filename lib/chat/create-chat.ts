import { createStore, type StoreApi } from "zustand/vanilla";
import type { KeeperLink } from "../messaging/keeper-link.ts";
import { createAccountActions } from "./account-actions.ts";
import type { ChatActions } from "./chat-actions.ts";
import { createContext } from "./chat-context.ts";
import { applyPush, type ChatState, EMPTY_CHAT } from "./chat-state.ts";
import { createConversationActions } from "./conversation-actions.ts";
import { createPageActions, type PageDeps } from "./page-actions.ts";
import { createQuestionActions } from "./question-actions.ts";
import { type ChatSettings, createServerActions } from "./server-actions.ts";

export type ChatDeps = PageDeps & { link: KeeperLink; settings: ChatSettings };

export type Chat = {
  store: StoreApi<ChatState>;
  actions: ChatActions;
  /** Listens to the keeper and shows the running or the last conversation. Returns the end of it. */
  start(): () => void;
};

/** The state of one panel and all that changes it. */
export function createChat(deps: ChatDeps): Chat {
  const store = createStore<ChatState>(() => EMPTY_CHAT);
  const context = createContext(store, deps.link);
  const pageActions = createPageActions(context, deps);
  const actions: ChatActions = {
    ...createQuestionActions(context, pageActions),
    ...createConversationActions(context),
    ...pageActions,
    ...createServerActions(context, deps.settings),
    ...createAccountActions(context),
  };

  function start(): () => void {
    const end = deps.link.subscribe((push) => {
      context.update((state) => applyPush(state, push));
      if (push.type === "intent") void actions.attachPage();
    });
    void actions.openHome();
    return end;
  }

  return { store, actions, start };
}
