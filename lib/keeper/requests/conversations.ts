import type { ConversationView } from "../../messaging/catalogue.ts";
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
      // What is in view is not unread, even before it is known up to where it was read.
      current.shown.show(conversationId);
      const view = await viewOf(current, conversationId);
      await current.readMarks.see(conversationId, view.messages);
      return view;
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
      const { edits } = await session();
      await edits.keep({ kind: "patch", key: conversationId, patch });
      return {};
    },

    async delete({ conversationId }) {
      const { edits } = await session();
      await edits.keep({ kind: "delete", key: conversationId });
      return {};
    },

    async search({ q }) {
      if (q.trim() === "") return { hits: [] };
      return (await session()).api.search({ q: q.trim() });
    },
  };
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
