import { afterEach, describe, expect, it } from "vitest";
import type { Model } from "../../server/ports/model.ts";
import type { Store } from "../../server/ports/store.ts";
import type { TurnClaim, TurnLog } from "../../server/ports/turn-log.ts";
import type { Adapters } from "../../server/start-server.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { say, stall, text } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
afterEach(() => server.close());

const call = (method: string, path: string, body?: unknown) =>
  apiCall(server.url + path, { token: server.token, method, body });
const post = (path: string, body?: unknown) => call("POST", path, body);
const follow = (turnId: string) => openEventSource(`${server.url}/api/turns/${turnId}/events`, { token: server.token });

describe("two turns with one message id, sent at once", () => {
  it("become one turn; the other is refused, and no answer is written that nobody can read", async () => {
    server = await startScriptedServer(() => say("Yes."));
    const [one, other] = [await turnInOldConversation(), await turnInOldConversation()];
    const twin = { ...other, message: one.message };
    const answers = await Promise.all([post("/api/turns", one), post("/api/turns", twin)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 400]);
    const refused = answers[0]?.status === 202 ? twin : one;
    expect((await post(`/api/turns/${refused.turnId}/stop`)).status).toBe(404);
  });

  async function turnInOldConversation() {
    const opening = turnBody();
    await post("/api/turns", opening);
    await (await follow(opening.turnId)).rest();
    return turnBody({ conversationId: opening.conversationId });
  }
});

describe("a turn that is being started", () => {
  it("when the server closes is refused, and nothing is begun that the closed log cannot take", async () => {
    const gate = createGate();
    server = await startScriptedServer(() => say("Yes."), { adapt: (adapters) => slowModelList(adapters, gate) });
    const body = turnBody();
    const refused = post("/api/turns", body);
    await gate.reached;
    const closed = server.close(10_000);
    gate.open();
    expect(errorOf(await refused)).toBe("unavailable");
    await closed;
    expect(server.upstream.requests).toEqual([]);
    server = await startScriptedServer(() => say("for the afterEach"));
  });

  it.each([
    ["stopped", 202],
    ["deleted", 204],
  ])("and whose claim is just committed can be %s", async (how, status) => {
    const gate = createGate();
    server = await startScriptedServer(() => ({ steps: [text("part "), stall] }), {
      adapt: (adapters) => ({ ...adapters, log: slowClaim(adapters.log, gate, "behind") }),
    });
    const body = turnBody();
    const started = post("/api/turns", body);
    await gate.reached;
    const reader = await follow(body.turnId);
    const asked =
      how === "stopped"
        ? post(`/api/turns/${body.turnId}/stop`)
        : call("DELETE", `/api/conversations/${body.conversationId}`);
    gate.open();
    expect((await asked).status).toBe(status);
    expect((await started).status).toBe(202);
    expect((await reader.rest()).at(-1)?.data).toBe('{"type":"stopped"}');
  });

  it("behind the turn that a delete has stopped is stopped as well", async () => {
    const gate = createGate();
    server = await startScriptedServer(() => ({ steps: [text("part "), stall] }), {
      adapt: (adapters) => ({ ...adapters, store: slowDelete(adapters.store, gate) }),
    });
    const first = turnBody();
    await post("/api/turns", first);
    await (await follow(first.turnId)).until(({ data }) => data.includes("part "));
    const deleted = call("DELETE", `/api/conversations/${first.conversationId}`);
    await gate.reached;
    const second = turnBody({ conversationId: first.conversationId });
    expect((await post("/api/turns", second)).status).toBe(202);
    const reader = await follow(second.turnId);
    await reader.until(({ data }) => data.includes("part "));
    gate.open();
    expect((await deleted).status).toBe(204);
    expect((await reader.rest()).at(-1)?.data).toBe('{"type":"stopped"}');
    await Promise.all(server.upstream.requests.map(({ closed }) => closed));
    expect((await post(`/api/turns/${second.turnId}/stop`)).status).toBe(404);
  });
});

describe("a conversation that is deleted while a turn of it is being claimed", () => {
  it("takes the turn with it, and nothing counts as running", async () => {
    const gate = createGate();
    server = await startScriptedServer(() => say("Yes."), {
      adapt: (adapters) => ({ ...adapters, log: slowClaim(adapters.log, gate, "before") }),
    });
    const first = turnBody();
    const { store } = server.adapters;
    const { turnId, conversationId, parentId, message } = first;
    const ids = { turnId, conversationId, parentId, userMessageId: message.id, assistantMessageId: turnBody().turnId };
    const createdAt = new Date().toISOString();
    await store.openTurn("local", { ...ids, question: message.parts, title: "?", createdAt });
    const second = turnBody({ conversationId });
    const refused = post("/api/turns", second);
    await gate.reached;
    expect((await call("DELETE", `/api/conversations/${conversationId}`)).status).toBe(204);
    gate.open();
    expect(errorOf(await refused)).toBe("not_found");
    expect((await post(`/api/turns/${second.turnId}/stop`)).status).toBe(404);
    expect((await call("GET", "/metrics")).text).toContain("sidestream_turns_running 0");
    expect(server.upstream.requests).toEqual([]);
  });
});

describe("a conversation that is deleted before it exists", () => {
  it("is not there to be deleted, and its first turn goes on", async () => {
    const gate = createGate();
    server = await startScriptedServer(() => say("Yes."), {
      adapt: ({ store, ...adapters }) => ({
        ...adapters,
        store: {
          ...store,
          deleteConversation: async (userId, id) => {
            const deleted = await store.deleteConversation(userId, id);
            await gate.pass();
            return deleted;
          },
        },
      }),
    });
    const body = turnBody();
    const deleted = call("DELETE", `/api/conversations/${body.conversationId}`);
    await gate.reached;
    expect((await post("/api/turns", body)).status).toBe(202);
    gate.open();
    expect(errorOf(await deleted)).toBe("not_found");
    await (await follow(body.turnId)).rest();
    expect(await savedAnswer(server, body.conversationId)).toMatchObject({ status: "complete" });
  });
});

describe("a conversation that is deleted while its first turn is being saved", () => {
  it("leaves no answer without an end", async () => {
    const gate = createGate();
    server = await startScriptedServer(() => say("Yes."), {
      adapt: (adapters) => ({ ...adapters, store: slowOpen(adapters.store, gate) }),
    });
    const body = turnBody();
    const started = post("/api/turns", body);
    await gate.reached;
    const deleted = call("DELETE", `/api/conversations/${body.conversationId}`);
    gate.open();
    const statuses = [(await started).status, (await deleted).status];
    if (statuses[0] === 202 && statuses[1] === 404) {
      await (await follow(body.turnId)).rest();
      expect(textOf((await savedAnswer(server, body.conversationId)).parts)).toBe("Yes.");
      return;
    }
    const messages = await call("GET", `/api/conversations/${body.conversationId}/messages`);
    expect(messages.status).toBe(404);
    expect((await post(`/api/turns/${body.turnId}/stop`)).status).toBe(404);
  });
});

/** Holds who passes it until it is opened. */
function createGate() {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    pass: () => {
      reached.resolve();
      return opened.promise;
    },
  };
}
type Gate = ReturnType<typeof createGate>;

function slowModelList(adapters: Adapters, gate: Gate): Adapters {
  const { model } = adapters;
  const slow: Model = {
    ...model,
    list: async () => {
      await gate.pass();
      return await model.list();
    },
  };
  return { ...adapters, model: slow };
}

/** The first claim waits before its commit, or behind it: it is heard of late. */
function slowClaim(log: TurnLog, gate: Gate, where: "before" | "behind"): TurnLog {
  return new Proxy(log, {
    get(target, name) {
      if (name === "claim") {
        return async (claim: TurnClaim) => {
          if (where === "before") await gate.pass();
          const result = await target.claim(claim);
          if (where === "behind") await gate.pass();
          return result;
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function slowDelete(store: Store, gate: Gate): Store {
  return {
    ...store,
    deleteConversation: async (userId, id) => {
      await gate.pass();
      return await store.deleteConversation(userId, id);
    },
  };
}

function slowOpen(store: Store, gate: Gate): Store {
  return {
    ...store,
    openTurn: async (userId, turn) => {
      await gate.pass();
      await store.openTurn(userId, turn);
    },
  };
}
