import { describe, expect, it, vi } from "vitest";
import type { KeeperLink, KeeperPush } from "../messaging/keeper-link.ts";
import { EMPTY_KEEPER, type KeeperState } from "../messaging/keeper-state.ts";
import { SCHEMAS } from "../messaging/schemas.ts";
import type { Chat } from "./create-chat.ts";
import { followPerson } from "./follow-person.ts";

const NOBODY: KeeperState = { ...EMPTY_KEEPER, connection: { status: "signed-out" } };
const PAGE: KeeperPush = { type: "page", page: { title: "A page", access: "granted" } };

describe("the chat of a person", () => {
  it("stays while a new worker does not know yet whose it is", () => {
    const { push, chats } = follow();
    push(of("ann"));
    chats.at(-1)?.actions.setDraft("half a question");
    push({ type: "snapshot", state: EMPTY_KEEPER });
    push(of("ann"));
    expect(chats).toHaveLength(1);
    expect(chats[0]?.store.getState()).toMatchObject({
      draft: "half a question",
      keeper: { account: { userId: "ann" } },
    });
  });

  it("is another one for another person, with the page but nothing else of before", () => {
    const { push, chats } = follow();
    push(of("ann"));
    push(PAGE);
    chats[0]?.actions.setDraft("the secret of ann");
    push(of("bea"));
    expect(chats).toHaveLength(2);
    expect(JSON.stringify(chats[1]?.store.getState())).not.toContain("secret");
    expect(chats[1]?.store.getState()).toMatchObject({
      connected: true,
      keeper: { account: { userId: "bea" } },
      page: { title: "A page" },
    });
    // What the first one's tree still shows for a moment is not mixed with the second.
    expect(chats[0]?.store.getState().keeper.account?.userId).toBe("ann");
  });

  it("begins for who signs in, and anew for nobody", () => {
    const { push, chats } = follow();
    push({ type: "snapshot", state: NOBODY });
    push(of("ann"));
    push({ type: "snapshot", state: NOBODY });
    expect(chats).toHaveLength(3);
  });

  it("saves no draft of the last person in the name of the next", async () => {
    vi.useFakeTimers();
    const { push, chats, asked } = follow();
    push(of("ann"));
    chats[0]?.actions.setDraft("the secret of ann");
    push(of("bea"));
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(asked.filter((name) => name === "save-draft")).toEqual([]);
  });
});

function of(userId: string): KeeperPush {
  return { type: "snapshot", state: { ...EMPTY_KEEPER, account: { userId }, connection: { status: "online" } } };
}

function follow() {
  const listeners = new Set<(push: KeeperPush) => void>();
  const asked: string[] = [];
  const link: KeeperLink = {
    async call(name) {
      asked.push(name);
      return SCHEMAS[name].reply.parse(name === "home" ? { conversationId: null, draft: "" } : {});
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => undefined,
  };
  const chats: Chat[] = [];
  followPerson(
    {
      link,
      windowId: 1,
      requestPageAccess: async () => false,
      settings: { read: async () => ({ serverUrl: "" }) },
    },
    (chat) => chats.push(chat),
  );
  return { chats, asked, push: (push: KeeperPush) => [...listeners].forEach((listener) => void listener(push)) };
}
