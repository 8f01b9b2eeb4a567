import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { ends, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, words } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer(() => answer({ tokens: words(50), everyMs: 2 }));
});
afterAll(() => server.close());

const post = (path: string, body: unknown) => apiCall(server.url + path, { token: server.token, method: "POST", body });

describe("the same turn", () => {
  it("sent 50 times at once makes one call of the model and gets 50 equal answers", async () => {
    const body = turnBody();
    const before = server.upstream.requests.length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => post("/api/turns", body)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    const reader = await openEventSource(`${server.url}/api/turns/${body.turnId}/events`, { token: server.token });
    const events = numbered(await reader.rest());
    expect(ends(events)).toHaveLength(1);
    expect(server.upstream.requests.length - before).toBe(1);
    expect(textOf((await savedAnswer(server, body.conversationId)).parts)).toBe(words(50).join(""));
  });

  it("sent at once to both routes is one turn, whichever was first", async () => {
    const body = turnBody();
    const before = server.upstream.requests.length;
    const open = () => openEventSource(`${server.url}/api/chat/stream`, { token: server.token, method: "POST", body });
    const [readers] = await Promise.all([
      Promise.all(Array.from({ length: 10 }, open)),
      Promise.all(Array.from({ length: 10 }, () => post("/api/turns", body))),
    ]);
    const streams = await Promise.all(readers.map((reader) => reader.rest()));
    for (const frames of streams) expect(frames).toEqual(streams[0]);
    expect(numbered(streams[0] ?? []).at(-1)?.event.type).toBe("completed");
    expect(server.upstream.requests.length - before).toBe(1);
  });

  it("answers as the first time after its end too, and in another shape", async () => {
    const body = turnBody();
    const first = await post("/api/turns", body);
    await (await openEventSource(`${server.url}/api/turns/${body.turnId}/events`, { token: server.token })).rest();
    const { turnId } = body;
    for (const again of [body, { ...turnBody(), turnId }, { turnId }, { turnId, parts: 7 }]) {
      expect(await post("/api/turns", again)).toMatchObject({ status: 202, text: first.text });
    }
  });
});

it("a turn that is followed again by its end is an empty stream", async () => {
  const body = turnBody();
  const chat = (lastEventId?: number) =>
    openEventSource(`${server.url}/api/chat/stream`, {
      token: server.token,
      method: "POST",
      body,
      ...(lastEventId !== undefined && { lastEventId }),
    });
  const events = await (await chat()).rest();
  const again = await chat(events.length);
  expect(again).toMatchObject({ status: 200, headers: { "content-type": "text/event-stream; charset=utf-8" } });
  expect(await again.rest()).toEqual([]);
  expect(await (await chat(events.length - 1)).rest()).toEqual(events.slice(-1));
});

describe("a second turn in a conversation", () => {
  it("is refused while the first runs, and taken after its end", async () => {
    const first = turnBody();
    const { conversationId } = first;
    const started = await post("/api/turns", first);
    const second = turnBody({ conversationId });
    expect(errorOf(await post("/api/turns", second))).toBe("turn_running");
    expect(errorOf(await post("/api/chat/stream", second))).toBe("turn_running");
    await (await openEventSource(`${server.url}/api/turns/${first.turnId}/events`, { token: server.token })).rest();
    const { assistantMessageId } = JSON.parse(started.text);
    expect((await post("/api/turns", { ...second, parentId: assistantMessageId })).status).toBe(202);
  });

  it("that races the first leaves one of the two running", async () => {
    const first = turnBody();
    const turns = [first, ...Array.from({ length: 9 }, () => turnBody({ conversationId: first.conversationId }))];
    const answers = await Promise.all(turns.map((turn) => post("/api/turns", turn)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const refused of answers.filter(({ status }) => status !== 202)) expect(errorOf(refused)).toBe("turn_running");
  });
});
