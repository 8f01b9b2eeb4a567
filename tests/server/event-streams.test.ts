import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../server/ports/store.ts";
import type { TurnLog } from "../../server/ports/turn-log.ts";
import { apiCall } from "../fixtures/api-call.ts";
import { type EventSource, openEventSource } from "../fixtures/event-source.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, type Reply, say, stall, text, until, words } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
const watched = { attached: 0, onDetach: (): void => undefined };
const watchers = { count: 0 };

beforeAll(async () => {
  server = await startScriptedServer(() => say("Yes."), {
    adapt: (adapters) => ({
      ...adapters,
      log: countAttachments(adapters.log),
      store: countWatchers(adapters.store),
    }),
  });
});
afterAll(() => server.close());

const open = (path: string, options: { method?: string; body?: unknown; lastEventId?: number } = {}) =>
  openEventSource(server.url + path, { token: server.token, ...options });
const start = (body: unknown) => apiCall(`${server.url}/api/turns`, { token: server.token, method: "POST", body });
const isEnd = ({ data }: { data: string }) => /"type":"(completed|stopped|failed)"/.test(data);

describe("the feed", () => {
  it("tells of the save before the terminal event, and of each change once", async () => {
    const feed = await open("/api/feed");
    const body = turnBody();
    await start(body);
    const frames = await feed.until(isEnd);
    feed.close();
    const kinds = frames.map(({ event, data }) => (event === "turn" ? JSON.parse(data).event.type : event));
    expect(kinds.at(-1)).toBe("completed");
    expect(kinds.slice(kinds.lastIndexOf("text"))).toContain("change");
    const cursors = frames.filter(({ event }) => event === "change").map(({ data }) => JSON.parse(data).cursor);
    expect(new Set(cursors).size).toBe(cursors.length);
    const seqs = frames.filter(({ event }) => event === "turn").map(({ data }) => JSON.parse(data).seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(frames.some(({ id }) => id !== undefined)).toBe(false);
  });

  it("tells a device that is behind at once, and one that is not only of what comes", async () => {
    await finish(turnBody());
    const { cursor } = JSON.parse((await apiCall(`${server.url}/api/changes?limit=200`, { token: server.token })).text);
    const { cursor: old } = JSON.parse(
      (await apiCall(`${server.url}/api/changes?limit=1`, { token: server.token })).text,
    );
    const behind = await open(`/api/feed?after=${encodeURIComponent(old)}`);
    expect(await behind.next()).toMatchObject({ event: "change", data: JSON.stringify({ cursor }) });
    const current = await open(`/api/feed?after=${encodeURIComponent(cursor)}`);
    await start(turnBody());
    const first = await current.next();
    expect(first?.event).toBe("change");
    expect(JSON.parse(first?.data ?? "").cursor).not.toBe(cursor);
    behind.close();
    current.close();
  });

  it("sends a first byte when there is nothing to tell, without which Firefox does not know that it stands", async () => {
    const headers = { authorization: `Bearer ${server.token}` };
    const end = new AbortController();
    const { body } = await fetch(`${server.url}/api/feed`, { headers, signal: end.signal });
    const first = await body?.getReader().read();
    end.abort();
    expect(new TextDecoder().decode(first?.value)).toMatch(/^: /);
  });

  it("watches history for as long as it is open, and no longer", async () => {
    await expect.poll(() => watchers.count).toBe(0);
    const feeds = await Promise.all([open("/api/feed"), open("/api/feed"), open("/api/feed")]);
    await expect.poll(() => watchers.count).toBe(3);
    for (const feed of feeds) feed.close();
    await expect.poll(() => watchers.count).toBe(0);
    expect((await apiCall(`${server.url}/api/feed?after=not-a-cursor`, { token: server.token })).status).toBe(400);
    expect(watchers.count).toBe(0);
  });

  it("sends the rest of named turns, ended ones too, and the whole of running ones", async () => {
    const ended = turnBody();
    const total = (await finish(ended)).length;
    const gate = Promise.withResolvers<void>();
    server.upstream.play(() => ({ steps: [text("half "), until(gate.promise), ...say("whole").steps] }));
    const running = turnBody();
    const follower = await open("/api/chat/stream", { method: "POST", body: running });
    await follower.until(({ data }) => data.includes("half "));
    const feed = await open(`/api/feed?turns=${ended.turnId}:2`);
    const half = await feed.until(({ data }) => data.includes("half "));
    expect(seqsOf(half, ended.turnId)).toEqual(Array.from({ length: total - 2 }, (_, index) => index + 3));
    expect(seqsOf(half, running.turnId)[0]).toBe(1);
    gate.resolve();
    await feed.until(isEnd);
    feed.close();
    server.upstream.play(() => say("Yes."));
  });
});

it("a feed tells of what changed while it was being opened", async () => {
  const body = turnBody();
  let change: () => Promise<unknown> = async () => undefined;
  const own = await startScriptedServer(() => say("Yes."), {
    adapt: (adapters) => {
      const { store } = adapters;
      const changes: typeof store.changes = async (...args) => {
        const result = await store.changes(...args);
        const meanwhile = change;
        change = async () => undefined;
        await meanwhile();
        return result;
      };
      return { ...adapters, store: { ...store, changes } };
    },
  });
  const options = { token: own.token };
  await (await openEventSource(`${own.url}/api/chat/stream`, { ...options, method: "POST", body })).rest();
  const { cursor } = JSON.parse((await apiCall(`${own.url}/api/changes?limit=200`, options)).text);
  change = () => own.adapters.store.patchConversation("local", body.conversationId, { pinned: true });
  const feed = await openEventSource(`${own.url}/api/feed?after=${encodeURIComponent(cursor)}`, options);
  expect(await feed.next()).toMatchObject({ event: "change" });
  feed.close();
  await own.close();
});

describe("readers", () => {
  it("share what one of them leaves: the others go on", async () => {
    const gate = Promise.withResolvers<void>();
    server.upstream.play(() => ({ steps: [text("half "), until(gate.promise), ...say("whole").steps] }));
    const body = turnBody();
    await start(body);
    const path = `/api/turns/${body.turnId}/events`;
    const [leaver, stayer] = await Promise.all([open(path), open(path)]);
    await leaver.until(({ data }) => data.includes("half "));
    const detached = new Promise<void>((resolve) => {
      watched.onDetach = () => void resolve();
    });
    leaver.close();
    await detached;
    gate.resolve();
    expect(textOf(await stayer.rest())).toBe("half whole");
    server.upstream.play(() => say("Yes."));
  });

  it.each([
    ["a follower", (turnId: string) => `/api/turns/${turnId}/events`],
    ["a feed", () => "/api/feed"],
  ])("%s that does not read is cut off from the log, and gets all of it when it reads on", async (_, path) => {
    // More than the buffers of two sockets and of the server hold. Reasoning, because that is not indexed for search.
    const all = words(80).map((word) => word.repeat(60_000));
    const gate = Promise.withResolvers<void>();
    server.upstream.play(() => gated(gate.promise, all));
    const body = turnBody();
    await start(body);
    const slow = await open(path(body.turnId));
    await slow.until(({ data }) => data.includes('"started"'));
    slow.pause();
    const attachedBefore = watched.attached;
    gate.resolve();
    expect(textOf(await (await open(`/api/turns/${body.turnId}/events`)).rest())).toBe(all.join(""));
    slow.resume();
    const frames = await slow.until(isEnd);
    slow.close();
    expect(textOf(frames)).toBe(all.join(""));
    expect(watched.attached).toBeGreaterThan(attachedBefore + 1);
    server.upstream.play(() => say("Yes."));
  });

  it("get 404 when their turn is deleted, and the stream that is open ends with stopped", async () => {
    server.upstream.play(() => ({ steps: [text("half "), stall] }));
    const body = turnBody();
    const follower = await open("/api/chat/stream", { method: "POST", body });
    await follower.until(({ data }) => data.includes("half "));
    const options = { token: server.token, method: "DELETE" };
    expect((await apiCall(`${server.url}/api/conversations/${body.conversationId}`, options)).status).toBe(204);
    expect((await follower.rest()).filter(isEnd).map(({ data }) => JSON.parse(data).type)).toEqual(["stopped"]);
    expect((await open(`/api/turns/${body.turnId}/events`)).status).toBe(404);
    server.upstream.play(() => say("Yes."));
  });
});

async function finish(body: ReturnType<typeof turnBody>) {
  return (await open("/api/chat/stream", { method: "POST", body })).rest();
}

function gated(ready: Promise<void>, tokens: string[]): Reply {
  return { steps: [until(ready), ...answer({ reasoning: tokens }).steps] };
}

type Frame = Awaited<ReturnType<EventSource["rest"]>>[number];

function eventOf({ event, data }: Frame): { type?: string; delta?: string } {
  const value = JSON.parse(data);
  return event === "turn" ? value.event : value;
}

function textOf(frames: readonly Frame[]): string {
  return frames.map((frame) => eventOf(frame).delta ?? "").join("");
}

function seqsOf(frames: readonly Frame[], turnId: string): number[] {
  return frames.map(({ data }) => JSON.parse(data)).flatMap((value) => (value.turnId === turnId ? [value.seq] : []));
}

function countAttachments(log: TurnLog): TurnLog {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === "attach") return countingAttach(target);
      if (name === "attachUser") return countingAttachUser(target);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function countWatchers(store: Store): Store {
  return {
    ...store,
    watch(userId, onChange) {
      const end = store.watch(userId, onChange);
      watchers.count += 1;
      return () => {
        watchers.count -= 1;
        end();
      };
    },
  };
}

function countingAttach(log: TurnLog): TurnLog["attach"] {
  return async (turnId, after, reader) => {
    watched.attached += 1;
    const result = await log.attach(turnId, after, reader);
    return result.status === "attached" ? { status: result.status, detach: counted(result.detach) } : result;
  };
}

function countingAttachUser(log: TurnLog): TurnLog["attachUser"] {
  return async (userId, cursors, reader) => {
    watched.attached += 1;
    return { detach: counted((await log.attachUser(userId, cursors, reader)).detach) };
  };
}

function counted(detach: () => void): () => void {
  return () => {
    detach();
    watched.onDetach();
  };
}
