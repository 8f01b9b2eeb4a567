import { randomUUID } from "node:crypto";
import type { Store } from "../../server/ports/store.ts";

export type OwnPeople = {
  /** The store as one that is empty: whoever is named there is somebody new here. */
  emptied(store: Store): Store;
  /** Deletes the conversations of all these people. */
  removeAll(store: Store): Promise<void>;
};

/** Lets a suite that wants an empty store at each opening run on one that holds real history and outlives it. */
export function ownPeople(): OwnPeople {
  const people = new Set<string>();
  return {
    emptied(store) {
      const opening = `test_${randomUUID()}`;
      return renamed(store, (userId) => {
        const own = `${opening}_${userId}`;
        people.add(own);
        return own;
      });
    },
    async removeAll(store) {
      for (const userId of people) await removeConversations(store, userId);
    },
  };
}

function renamed(store: Store, own: (userId: string) => string): Store {
  return {
    checkTurn: (userId, turn) => store.checkTurn(own(userId), turn),
    openTurn: (userId, turn) => store.openTurn(own(userId), turn),
    saveAnswer: (userId, answer) => store.saveAnswer(own(userId), answer),
    path: (userId, messageId) => store.path(own(userId), messageId),
    listConversations: (userId, page) => store.listConversations(own(userId), page),
    patchConversation: (userId, id, patch) => store.patchConversation(own(userId), id, patch),
    deleteConversation: (userId, id) => store.deleteConversation(own(userId), id),
    listMessages: (userId, id, page) => store.listMessages(own(userId), id, page),
    hasConversation: (userId, id) => store.hasConversation(own(userId), id),
    changes: (userId, query) => store.changes(own(userId), query),
    cursor: (userId) => store.cursor(own(userId)),
    watch: (userId, onChange) => store.watch(own(userId), onChange),
    search: (userId, query) => store.search(own(userId), query),
    allowedTools: (userId) => store.allowedTools(own(userId)),
    allowTool: (userId, tool) => store.allowTool(own(userId), tool),
    settings: (userId) => store.settings(own(userId)),
    patchSettings: (userId, patch) => store.patchSettings(own(userId), patch),
    check: () => store.check(),
    close: () => store.close(),
  };
}

async function removeConversations(store: Store, userId: string): Promise<void> {
  for (;;) {
    const { conversations } = await store.listConversations(userId, { limit: 10 });
    if (conversations.length === 0) return;
    await Promise.all(conversations.map(({ id }) => store.deleteConversation(userId, id)));
  }
}
