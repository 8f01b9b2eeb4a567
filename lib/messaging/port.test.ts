import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import type { ToPanel } from "./catalogue.ts";
import { createKeeperLink, type KeeperPush } from "./keeper-link.ts";
import { EMPTY_KEEPER } from "./keeper-state.ts";
import type { Port } from "./port.ts";
import { refusalOf } from "./refusal.ts";
import { type Handlers, servePanel } from "./serve-panel.ts";

describe("panel and background", () => {
  it("bring requests and replies to each other, typed and checked", async () => {
    const { link } = join({ search: async ({ q }) => ({ hits: [{ conversationId: A, messageId: A, snippet: q }] }) });
    expect(await link.call("search", { q: "pears" })).toEqual({
      hits: [{ conversationId: A, messageId: A, snippet: "pears" }],
    });
  });

  it("refuse with a sentence what a handler fails with", async () => {
    const { link, faults } = join({ search: () => Promise.reject(new Error("a path: /x")) });
    await expect(link.call("search", { q: "x" })).rejects.toMatchObject({ name: "RefusedError", code: "internal" });
    expect(faults).toHaveLength(1);
  });

  it.each([
    ["an unknown request", { type: "request", id: 1, name: "format-disk", body: {} }, "bad_request"],
    ["an inherited name", { type: "request", id: 1, name: "toString", body: {} }, "bad_request"],
    ["a body of another form", { type: "request", id: 1, name: "stop", body: { turnId: "x" } }, "bad_request"],
  ])("refuse %s", async (_, message, code) => {
    const { port, received } = serve({});
    port.say({ type: "hello", windowId: 1 });
    port.say(message);
    await expect.poll(() => received()).toMatchObject([{ type: "refusal", id: 1, code }]);
  });

  it("drop messages without a form, and requests before the introduction", async () => {
    const { port, received, faults } = serve({});
    port.say("nonsense");
    port.say({ type: "request", id: 1, name: "tools", body: {} });
    await expect.poll(() => received()).toMatchObject([{ type: "refusal", id: 1 }]);
    expect(faults).toHaveLength(2);
  });

  it("say nothing more to a panel that has closed", async () => {
    const { port, entered, left } = serve({});
    port.say({ type: "hello", windowId: 3 });
    port.close();
    expect(left()).toBe(1);
    expect(() => entered.at(-1)?.send({ type: "snapshot", state: EMPTY_KEEPER })).not.toThrow();
  });
});

describe("the link of a panel", () => {
  it("joins a new worker when its own dies, and asks again what had no reply", async () => {
    let calls = 0;
    const { link, workers } = join({
      home: () => {
        calls += 1;
        return calls === 1 ? new Promise(() => undefined) : Promise.resolve({ conversationId: A, draft: "" });
      },
    });
    const home = link.call("home", {});
    await expect.poll(() => calls).toBe(1);
    workers.at(-1)?.close();
    expect(await home).toEqual({ conversationId: A, draft: "" });
    expect(workers).toHaveLength(2);
  });

  it("opens again what was open, and pushes what changed meanwhile", async () => {
    const row = {
      id: A,
      conversationId: A,
      parentId: null,
      turnId: A,
      role: "user" as const,
      parts: [],
      status: "complete" as const,
      createdAt: "2026-01-01T00:00:00.000Z",
    };
    const opened: unknown[] = [];
    const { link, workers } = join({
      open: async ({ conversationId }) => {
        opened.push(conversationId);
        return { conversationId: A, messages: opened.length === 1 ? [] : [row], draft: "" };
      },
    });
    const pushes: KeeperPush[] = [];
    link.subscribe((push) => void pushes.push(push));
    await link.call("open", { conversationId: A });
    workers.at(-1)?.close();
    await expect.poll(() => pushes).toEqual([{ type: "messages", conversationId: A, messages: [row] }]);
    expect(opened).toEqual([A, A]);
  });

  it("shows a new worker last what it asked to open last, also when that had no reply", async () => {
    const [shown, next] = [v7(), v7()];
    const opened: (string | null)[] = [];
    const { link, workers } = join({
      open: ({ conversationId }) => {
        opened.push(conversationId);
        const isLost = conversationId === next && workers.length === 1;
        return isLost ? new Promise(() => undefined) : Promise.resolve(null);
      },
    });
    await link.call("open", { conversationId: shown });
    const opening = link.call("open", { conversationId: next });
    await expect.poll(() => opened).toEqual([shown, next]);
    workers.at(-1)?.close();
    expect(await opening).toBe(null);
    await expect.poll(() => opened.at(-1)).toBe(next);
    expect(opened.slice(2)).not.toContain(shown);
  });

  it("gives up when the extension is gone", async () => {
    const link = createKeeperLink({
      windowId: 1,
      connect() {
        throw new Error("Extension context invalidated.");
      },
    });
    await expect(link.call("tools", {})).rejects.toMatchObject({ code: "gone" });
    await expect(link.call("tools", {})).rejects.toMatchObject({ code: "gone" });
  });

  it("keeps the worker alive until it is closed", () => {
    const beats: (() => void)[] = [];
    const said: unknown[] = [];
    let stopped = false;
    const link = createKeeperLink({
      windowId: 1,
      connect: () => portOf({ postMessage: (message) => void said.push(message) }),
      clock: {
        after: () => () => undefined,
        every(_, beat) {
          beats.push(beat);
          return () => {
            stopped = true;
          };
        },
      },
    });
    link.subscribe(() => undefined);
    for (const beat of beats) beat();
    expect(said).toEqual([{ type: "hello", windowId: 1 }, { type: "alive" }]);
    link.close();
    expect(stopped).toBe(true);
  });
});

const A = v7();

type TestPort = Port & { say(message: unknown): void; close(): void };

function portOf(changes: Partial<Port>): Port {
  return {
    postMessage: () => undefined,
    disconnect: () => undefined,
    onMessage: { addListener: () => undefined },
    onDisconnect: { addListener: () => undefined },
    ...changes,
  };
}

/** The background's end of a Port, played by the test. */
function testPort(post: (message: unknown) => void): TestPort {
  const listeners: ((message: unknown) => void)[] = [];
  const closings: (() => void)[] = [];
  return {
    ...portOf({ postMessage: post }),
    onMessage: { addListener: (listener) => void listeners.push(listener) },
    onDisconnect: { addListener: (listener) => void closings.push(listener) },
    say: (message) => listeners.forEach((listener) => void listener(message)),
    close: () => closings.forEach((closing) => void closing()),
  };
}

type Panel = { send: (message: ToPanel) => void };

function serve(
  handlers: Partial<Handlers<Panel>>,
  post: (message: unknown) => void = () => undefined,
  faults: unknown[] = [],
) {
  const received: unknown[] = [];
  const entered: Panel[] = [];
  let left = 0;
  const port = testPort((message) => {
    received.push(message);
    post(message);
  });
  const absent = () => Promise.reject(new Error("not in this test"));
  servePanel<Panel>(port, {
    handlersFor: async () => ({
      ask: absent,
      unask: absent,
      stop: absent,
      decide: absent,
      open: absent,
      home: absent,
      older: absent,
      "save-draft": absent,
      patch: absent,
      delete: absent,
      "set-settings": absent,
      dismiss: absent,
      search: absent,
      tools: absent,
      page: absent,
      capture: absent,
      pair: absent,
      "sign-in": absent,
      "sign-up": absent,
      "send-code": absent,
      "verify-code": absent,
      "resend-code": absent,
      "sign-in-with-google": absent,
      "sign-in-step": absent,
      "sign-out": absent,
      "check-server": absent,
      "use-server": absent,
      reconnect: absent,
      ...handlers,
    }),
    enter({ send }) {
      entered.push({ send });
      return { send };
    },
    leave: () => {
      left += 1;
    },
    explain: refusalOf,
    onFault: (error) => void faults.push(error),
  });
  return { port, received: () => received, faults, entered, left: () => left };
}

/** A link whose every connection is served by the handlers; `workers` are the background's ends. */
function join(handlers: Partial<Handlers<Panel>>) {
  const workers: TestPort[] = [];
  const faults: unknown[] = [];
  const link = createKeeperLink({
    windowId: 1,
    connect() {
      const own = testPort((message) => served.port.say(structuredClone(message)));
      const served = serve(handlers, (message) => own.say(structuredClone(message)), faults);
      workers.push({
        ...served.port,
        close() {
          served.port.close();
          own.close();
        },
      });
      return own;
    },
  });
  return { link, workers, faults };
}
