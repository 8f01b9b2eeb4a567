import { describe, expect, it, vi } from "vitest";
import type { KeeperLink, KeeperPush } from "../messaging/keeper-link.ts";
import { applyChange, EMPTY_KEEPER } from "../messaging/keeper-state.ts";
import { RefusedError } from "../messaging/refusal.ts";
import { SCHEMAS } from "../messaging/schemas.ts";
import type { PagePart } from "../protocol/messages.ts";
import { createChat } from "./create-chat.ts";

const PAGE: PagePart = {
  type: "page",
  url: "https://example.com/",
  title: "A page",
  text: "Words of it.",
  truncated: false,
  capturedAt: "2026-01-01T00:00:00.000Z",
};
const CAPTURED = { status: "captured", page: PAGE, from: "page" };
const NEEDS = { status: "needs-permission", origin: "https://example.com/*" };

describe("sending", () => {
  it("begins a conversation and clears the composer", async () => {
    const { chat, asked } = await startChat();
    chat.actions.setDraft("  Why?  ");
    await chat.actions.send();
    expect(asked("ask")).toMatchObject([{ parentId: null, message: { parts: [{ type: "text", text: "Why?" }] } }]);
    expect(chat.store.getState()).toMatchObject({ draft: "", view: { status: "open" } });
  });

  it("waits for a page that is being read", async () => {
    const capture = Promise.withResolvers<unknown>();
    const { chat, asked } = await startChat({ capture: () => capture.promise });
    void chat.actions.attachPage();
    chat.actions.setDraft("Why?");
    const sent = chat.actions.send();
    expect(asked("ask")).toEqual([]);
    capture.resolve(CAPTURED);
    await sent;
    expect(asked("ask")).toMatchObject([{ message: { parts: [{ type: "page" }, { type: "text" }] } }]);
  });

  it("does not send when that page could not be read, and keeps the words", async () => {
    const capture = Promise.withResolvers<unknown>();
    const { chat, asked } = await startChat({ capture: () => capture.promise });
    void chat.actions.attachPage();
    chat.actions.setDraft("Why?");
    const sent = chat.actions.send();
    capture.resolve({ status: "failed", reason: "No text." });
    await sent;
    expect(asked("ask")).toEqual([]);
    expect(chat.store.getState()).toMatchObject({
      draft: "Why?",
      attachment: { status: "failed", reason: "No text." },
    });
  });

  it("puts everything back when the keeper did not take the question", async () => {
    const { chat } = await startChat({
      ask: () => Promise.reject(new RefusedError({ code: "internal", message: "Full." })),
    });
    await chat.actions.attachPage();
    chat.actions.setDraft("Why?");
    await chat.actions.send();
    expect(chat.store.getState()).toMatchObject({ draft: "Why?", notice: "Full.", attachment: { status: "attached" } });
  });

  it("holds a second question until the first has reached the server", async () => {
    const { chat, asked, push } = await startChat();
    chat.actions.setDraft("One");
    await chat.actions.send();
    const [turn] = asked("ask").map((body) => SCHEMAS.ask.request.parse(body));
    if (!turn) throw new Error("nothing was asked");
    const question = { turn, status: "waiting" as const, askedAt: "2026-01-01T00:00:00.000Z" };
    push({ type: "batch", changes: [{ type: "pending", question }] });
    chat.actions.setDraft("Two");
    await chat.actions.send();
    expect(asked("ask")).toHaveLength(1);

    // Taken, and its answer has no id yet: there is nothing that the next question could stand below.
    push({ type: "batch", changes: [{ type: "pending-done", turnId: turn.turnId }] });
    await chat.actions.send();
    expect(asked("ask")).toHaveLength(1);

    const started = { seq: 1, event: { type: "started" as const, model: "m", messageId: ANSWER } };
    const { turnId, conversationId } = turn;
    push({ type: "batch", changes: [{ type: "turn-events", turnId, conversationId, events: [started] }] });
    await chat.actions.send();
    expect(asked("ask").at(-1)).toMatchObject({ conversationId, parentId: ANSWER });
  });
});

describe("a proposed question about the page", () => {
  it("is sent with the page at once", async () => {
    const { chat, asked } = await startChat();
    await chat.actions.askAboutPage("What is it?");
    expect(asked("ask")).toMatchObject([{ message: { parts: [PAGE, { text: "What is it?" }] } }]);
  });

  it("stays in the composer when the page cannot be read", async () => {
    const { chat, asked } = await startChat({ capture: () => ({ status: "failed", reason: "No text." }) });
    await chat.actions.askAboutPage("What is it?");
    expect(asked("ask")).toEqual([]);
    expect(chat.store.getState().draft).toBe("What is it?");
  });

  it("is added to what is being written, and not sent", async () => {
    const { chat, asked } = await startChat();
    chat.actions.setDraft("I wonder:");
    await chat.actions.askAboutPage("What is it?");
    expect(asked("ask")).toEqual([]);
    expect(chat.store.getState().draft).toBe("I wonder:\nWhat is it?");
  });
});

describe("reading the page", () => {
  it("asks for the right to do so, and tries again with it", async () => {
    const capture = vi.fn().mockReturnValueOnce(NEEDS).mockReturnValueOnce(CAPTURED);
    const { chat } = await startChat({ capture }, () => Promise.resolve(true));
    await chat.actions.attachPage();
    expect(chat.store.getState().attachment).toMatchObject({ status: "attached", page: PAGE });
  });

  it.each([
    ["the person says no", () => Promise.resolve(false)],
    ["the browser does not ask", () => Promise.reject(new Error("not during a click"))],
  ])("says what to do when %s", async (_, requestPageAccess) => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { chat } = await startChat({ capture: () => NEEDS }, requestPageAccess);
    await chat.actions.attachPage();
    expect(chat.store.getState().attachment).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/Allow it/),
    });
  });

  it("asks in the very handler of the click where the page is known to be hidden, and once", async () => {
    const request = vi.fn((_origin?: string) => Promise.resolve(false));
    const { chat, asked, push } = await startChat({ capture: () => NEEDS }, request);
    push({ type: "page", page: { access: "ask" } });
    const attached = chat.actions.attachPage();
    expect(request).toHaveBeenCalledOnce();
    expect(asked("capture")).toEqual([]);
    await attached;
    expect(request).toHaveBeenCalledOnce();
    expect(chat.store.getState().attachment).toMatchObject({ status: "failed" });
  });

  it("stays removed when it was removed meanwhile", async () => {
    const capture = Promise.withResolvers<unknown>();
    const { chat } = await startChat({ capture: () => capture.promise });
    const attached = chat.actions.attachPage();
    chat.actions.removePage();
    capture.resolve(CAPTURED);
    await attached;
    expect(chat.store.getState().attachment).toEqual({ status: "none" });
  });
});

describe("deciding about a call", () => {
  const decide = (code: string) => () => Promise.reject(new RefusedError({ code, message: "No." }));

  it("fails when the decision did not arrive", async () => {
    const { chat } = await startChat({ decide: decide("unreachable") });
    await expect(chat.actions.decide(TURN, "c", "allow", false)).rejects.toThrow("No.");
  });

  it("is done when another device was first", async () => {
    const { chat } = await startChat({ decide: decide("already_decided") });
    await expect(chat.actions.decide(TURN, "c", "allow", false)).resolves.toBeUndefined();
  });
});

describe("what was typed for a new conversation", () => {
  it("is there again after another one was looked at", async () => {
    const open = () => ({ conversationId: CONVERSATION, messages: [], draft: "of the other" });
    const { chat } = await startChat({ open });
    chat.actions.setDraft("half a question");
    await chat.actions.open(CONVERSATION);
    expect(chat.store.getState().draft).toBe("of the other");
    await chat.actions.openNew();
    expect(chat.store.getState().draft).toBe("half a question");
  });
});

describe("deleting the shown conversation", () => {
  it("shows a new one, and the old one again when it could not be deleted", async () => {
    const refused = () => Promise.reject(new RefusedError({ code: "unreachable", message: "No server." }));
    const open = () => ({ conversationId: CONVERSATION, messages: [], draft: "" });
    const { chat } = await startChat({ open, delete: refused });
    await chat.actions.open(CONVERSATION);
    const removed = chat.actions.remove(CONVERSATION);
    expect(chat.store.getState().view).toEqual({ status: "new" });
    await removed;
    expect(chat.store.getState()).toMatchObject({ notice: "No server.", view: { status: "open" } });
  });
});

describe("a question that was lost", () => {
  it("comes back into the composer, below what is being written", async () => {
    const { chat, asked, push } = await startChat();
    const loss = { id: TURN, title: "Rivers", what: "question" as const, text: "And why?" };
    push({ type: "batch", changes: [{ type: "loss", loss }] });
    chat.actions.setDraft("Also:");
    await chat.actions.takeUp(TURN);
    expect(chat.store.getState().draft).toBe("Also:\nAnd why?");
    expect(asked("dismiss")).toEqual([{ id: TURN }]);
    expect(asked("save-draft")).toEqual([{ key: "new", text: "Also:\nAnd why?" }]);
  });
});

describe("the model of a question", () => {
  it("is the one that the person chose, on whichever device", async () => {
    const { chat, asked, push } = await startChat();
    await chat.actions.chooseModel("mine");
    expect(asked("set-settings")).toEqual([{ model: "mine" }]);
    push({ type: "batch", changes: [{ type: "settings", settings: { model: "mine" } }] });
    chat.actions.setDraft("Why?");
    await chat.actions.send();
    expect(asked("ask")).toMatchObject([{ model: "mine" }]);
  });
});

const CONVERSATION = "00000000-0000-7000-8000-000000000001";
const TURN = "00000000-0000-7000-8000-000000000002";
const ANSWER = "00000000-0000-7000-8000-000000000003";

type Replies = Partial<Record<string, (body: unknown) => unknown>>;

/** A chat on a link that replies as told, or with nothing, and remembers what was asked. */
async function startChat(replies: Replies = {}, requestPageAccess = () => Promise.resolve(false)) {
  const requests: { name: string; body: unknown }[] = [];
  const listeners = new Set<(push: KeeperPush) => void>();
  const known: Replies = {
    home: () => ({ conversationId: null, draft: "" }),
    capture: () => CAPTURED,
    open: () => null,
  };
  const link: KeeperLink = {
    async call(name, body) {
      requests.push({ name, body });
      const reply = { ...known, ...replies }[name];
      return SCHEMAS[name].reply.parse(reply ? await reply(body) : {});
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
  const settings = { read: () => Promise.resolve({ serverUrl: "http://127.0.0.1:8787" }) };
  const chat = createChat({ link, settings, windowId: 1, requestPageAccess });
  chat.start();
  const push = (message: KeeperPush) => {
    for (const listener of listeners) listener(message);
  };
  const state = applyChange(EMPTY_KEEPER, { type: "connection", connection: { status: "online" } });
  push({ type: "snapshot", state });
  await expect.poll(() => chat.store.getState().view.status).toBe("new");
  const asked = (name: string) => requests.filter((request) => request.name === name).map(({ body }) => body);
  return { chat, asked, push };
}
