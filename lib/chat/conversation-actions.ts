import type { ConversationActions } from "./chat-actions.ts";
import { type ChatContext, wordsOf } from "./chat-context.ts";
import { conversationOf, withChoice, withOlder, withOpened } from "./chat-state.ts";

/** Opening, paging, renaming, deleting and searching conversations. */
export function createConversationActions({ store, update, attempt, link }: ChatContext): ConversationActions {
  /** What was typed for a conversation that is not begun, while another is shown. */
  let beginning = "";
  const actions: ConversationActions = {
    async openHome() {
      const home = await attempt("home", {});
      if (store.getState().view.status !== "starting") return;
      if (home?.conversationId) return await actions.open(home.conversationId);
      update((state) => ({ ...state, view: { status: "new" }, draft: state.draft || (home?.draft ?? "") }));
    },

    async open(conversationId) {
      const { view } = store.getState();
      if (view.status === "open" && view.conversationId === conversationId) return;
      if (view.status === "new") beginning = store.getState().draft;
      update((state) => ({ ...state, view: { status: "loading", conversationId }, draft: "" }));
      try {
        const opened = await link.call("open", { conversationId });
        if (opened) update((state) => withOpened(state, opened));
      } catch (error) {
        const reason = wordsOf(error);
        update((state) => {
          if (conversationOf(state.view) !== conversationId) return state;
          return { ...state, view: { status: "failed", conversationId, reason } };
        });
      }
    },

    async openNew() {
      if (store.getState().view.status === "new") return;
      update((state) => ({ ...state, view: { status: "new" }, draft: beginning }));
      beginning = "";
      await attempt("open", { conversationId: null });
    },

    async loadOlder() {
      const { view } = store.getState();
      if (view.status !== "open" || view.before === undefined || view.older === "loading") return;
      const { conversationId, before } = view;
      update((state) => withOlder(state, conversationId, "loading"));
      const older = await attempt("older", { conversationId, before });
      update((state) => withOlder(state, conversationId, older ?? "failed"));
    },

    choose(parentId, messageId) {
      update((state) => withChoice(state, parentId, messageId));
    },

    async patch(conversationId, patch) {
      await attempt("patch", { conversationId, patch });
    },

    async remove(conversationId) {
      const isShown = conversationOf(store.getState().view) === conversationId;
      if (isShown) await actions.openNew();
      const isGone = (await attempt("delete", { conversationId })) !== undefined;
      if (isShown && !isGone) await actions.open(conversationId);
    },

    async search(q) {
      return (await attempt("search", { q }))?.hits ?? [];
    },

    dismissNotice() {
      update((state) => ({ ...state, notice: undefined }));
    },
  };
  return actions;
}
