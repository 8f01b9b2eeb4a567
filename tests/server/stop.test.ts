import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, stall, text, words } from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeEach(async () => {
  server = await startScriptedServer(() => answer({ tokens: words(2_000), everyMs: 2 }));
});
afterEach(() => server.close());

const post = (path: string, body?: unknown) =>
  apiCall(server.url + path, { token: server.token, method: "POST", body });
const follow = (turnId: string) => openEventSource(`${server.url}/api/turns/${turnId}/events`, { token: server.token });
const feed = () => openEventSource(`${server.url}/api/feed`, { token: server.token });
const isText = ({ data }: { data: string }) => data.includes('"type":"text"');
const isEnd = ({ data }: { data: string }) => /"type":"(completed|stopped|failed)"/.test(data);

describe("two clients of one user", () => {
  it.each([
    ["one of them stops", 1],
    ["both stop at once", 2],
  ])("follow one turn, which %s for both", async (_, stops) => {
    const body = turnBody();
    const second = await feed();
    await post("/api/turns", body);
    const first = await follow(body.turnId);
    const seen = await first.until(isText);
    await second.until(isText);

    const asked = performance.now();
    const answers = await Promise.all(Array.from({ length: stops }, () => post(`/api/turns/${body.turnId}/stop`)));
    expect(answers[0]).toMatchObject({ status: 202, json: {} });
    const [request] = server.upstream.requests;
    expect(((await request?.closed) ?? Number.NaN) - asked).toBeLessThan(1_000);

    const events = numbered([...seen, ...(await first.rest())]);
    expect(ends(events)).toEqual([{ type: "stopped" }]);
    expect((await second.until(isEnd)).at(-1)?.data).toContain('"type":"stopped"');
    second.close();
    const saved = await savedAnswer(server, body.conversationId);
    expect(saved.status).toBe("stopped");
    expect(textOf(saved.parts)).toBe(textOf(fold(events).parts));
    expect(textOf(saved.parts)).toMatch(/^w0 /);
  });
});

describe("a stop", () => {
  it("before the first token ends the turn without text", async () => {
    server.upstream.play({ steps: [stall] });
    const body = turnBody();
    await post("/api/turns", body);
    const reader = await follow(body.turnId);
    await server.upstream.request(0);
    expect((await post(`/api/turns/${body.turnId}/stop`)).status).toBe(202);
    expect(ends(numbered(await reader.rest()))).toEqual([{ type: "stopped" }]);
    await server.upstream.requests[0]?.closed;
    expect(await savedAnswer(server, body.conversationId)).toMatchObject({ status: "stopped", parts: [] });
  });

  it("at once, before the model is asked, leaves no call behind", async () => {
    const body = turnBody();
    const [started, stopped] = await Promise.all([post("/api/turns", body), stopUntilKnown(body.turnId)]);
    expect(started.status).toBe(202);
    expect(stopped).toBe(202);
    const events = numbered(await (await follow(body.turnId)).rest());
    expect(ends(events)).toEqual([{ type: "stopped" }]);
    for (const request of server.upstream.requests) await request.closed;
  });

  it("racing the end leaves one end, and what is saved is what was seen", async () => {
    for (let round = 0; round < 30; round += 1) {
      server.upstream.play(() => answer({ tokens: words(20) }));
      const body = turnBody();
      await post("/api/turns", body);
      const reader = await follow(body.turnId);
      const seen = [];
      for (let n = 0; n < round % 5; n += 1) seen.push(...[await reader.next()].filter((frame) => frame !== undefined));
      const stop = await post(`/api/turns/${body.turnId}/stop`);
      const events = numbered([...seen, ...(await reader.rest())]);
      expect(ends(events)).toHaveLength(1);
      const saved = await savedAnswer(server, body.conversationId);
      expect(saved.status).toBe(fold(events).status);
      expect(textOf(saved.parts)).toBe(textOf(fold(events).parts));
      if (stop.status === 200) expect(saved.status).toBe("complete");
    }
  });

  it("twice, and again after the end, changes nothing", async () => {
    server.upstream.play({ steps: [text("part "), stall] });
    const body = turnBody();
    await post("/api/turns", body);
    const reader = await follow(body.turnId);
    const seen = await reader.until(isText);
    const stops = await Promise.all([1, 2, 3].map(() => post(`/api/turns/${body.turnId}/stop`)));
    for (const { status, json } of stops)
      expect({ ok: status === 202 || status === 200, json }).toEqual({ ok: true, json: {} });
    const events = numbered([...seen, ...(await reader.rest())]);
    expect(ends(events)).toEqual([{ type: "stopped" }]);
    expect(await post(`/api/turns/${body.turnId}/stop`)).toMatchObject({ status: 200, json: {} });
    expect(numbered(await (await follow(body.turnId)).rest())).toEqual(events);
  });
});

/** Stops a turn as soon as the server knows it: the status of the first stop that found it. */
async function stopUntilKnown(turnId: string): Promise<number> {
  for (;;) {
    const { status } = await post(`/api/turns/${turnId}/stop`);
    if (status !== 404) return status;
  }
}
