import type { ConversationView } from "../../messaging/catalogue.ts";
import { ApiError } from "../../protocol/errors.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { homeOf } from "../home.ts";
import type { Session } from "../session.ts";
import type { HandlersOf, RequestDeps } from "./deps.ts";

type Names = "open" | "home" | "older" | "save-draft" | "patch" | "delete" | "search";

/** Conversations: showing, changing and finding them. */
export function conversationHandlers({ store, session, anySession, takeWanted }: RequestDeps): HandlersOf<Names> {
  return {
    async open({ conversationId }, panel) {
      // Before anything is read: what comes meanwhile is pushed, and only then is nothing missed.
      panel.opened = conversationId;
      const current = await anySession();
      if (!current) return null;
      await current.cache.saveLastOpened(conversationId);
      if (conversationId === null) return null;
      await markRead(current, conversationId);
      return viewOf(current, conversationId);
    },

    async home() {
      const current = await anySession();
      if (!current) return { conversationId: null, draft: "" };
      const last = await current.cache.lastOpened();
      const conversationId = takeWanted() ?? homeOf(store.state, last) ?? null;
      return { conversationId, draft: await current.cache.draft(conversationId ?? "new") };
    },

    async older({ conversationId, before }) {
      const { api, cache } = await session();
      const page = await api.messages(conversationId, { before, limit: LIMITS.pageSizeDefault });
      return { conversationId, ...page, draft: await cache.draft(conversationId) };
    },

    async "save-draft"({ key, text }) {
      await (await session()).cache.saveDraft(key, text);
      return {};
    },

    async patch({ conversationId, patch }) {
      const { api, sync } = await session();
      const conversation = await api.patchConversation(conversationId, patch);
      const unread = store.state.conversations[conversationId]?.unread === true;
      store.apply({ type: "conversation", conversation: { ...conversation, unread } });
      void sync.pull();
      return {};
    },

    async delete({ conversationId }) {
      const { api, outbox, sync } = await session();
      await outbox.forget(conversationId);
      try {
        await api.deleteConversation(conversationId);
      } catch (error) {
        // Deleted on another device, or never sent: gone is what was asked for.
        if (!(error instanceof ApiError) || error.code !== "not_found") throw error;
      }
      store.apply({ type: "conversation-deleted", id: conversationId });
      void sync.pull();
      return {};
    },

    async search({ q }) {
      if (q.trim() === "") return { hits: [] };
      return (await session()).api.search({ q: q.trim() });
    },
  };

  async function markRead({ cache }: Session, id: string): Promise<void> {
    const conversation = store.state.conversations[id];
    if (!conversation?.unread) return;
    store.apply({ type: "conversation", conversation: { ...conversation, unread: false } });
    await cache.setUnread(id, false);
  }
}

/** What the cache has when it has all of it; else the server's newest page, and offline what there is. */
async function viewOf({ api, cache, sync }: Session, conversationId: string): Promise<ConversationView> {
  const [kept, draft] = await Promise.all([cache.messagesOf(conversationId), cache.draft(conversationId)]);
  const view = { conversationId, messages: kept.messages, draft };
  if (!kept.trimmed && (sync.caughtUp || sync.cursor !== undefined)) return view;
  try {
    const page = await api.messages(conversationId, { limit: LIMITS.pageSizeDefault });
    return { ...view, messages: page.messages, ...(page.before !== undefined && { before: page.before }) };
  } catch {
    // A conversation that is not sent yet, or no connection: either way the cache is what there is to show.
    return view;
  }
}
