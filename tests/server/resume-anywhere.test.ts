import { afterAll, beforeAll, expect, it } from "vitest";
import { apiCall } from "../fixtures/api-call.ts";
import { curlEvents } from "../fixtures/curl-events.ts";
import { ends, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { finish, reasoning, type Step, text, wait } from "../fixtures/upstream-script.ts";

const EVENTS = 5_000;
const CUTS = 20;

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer({ steps: longAnswer() });
});
afterAll(() => server.close());

it(`gives a turn of ${EVENTS} events whole to curl, cut at ${CUTS} random points and resumed`, async () => {
  const body = turnBody();
  await apiCall(`${server.url}/api/turns`, { token: server.token, method: "POST", body });
  const url = `${server.url}/api/turns/${body.turnId}/events`;
  const cuts = Array.from({ length: CUTS }, () => 1 + Math.floor(Math.random() * EVENTS)).sort((a, b) => a - b);

  const frames = [];
  for (const cut of cuts) {
    const { token } = server;
    frames.push(
      ...(await curlEvents(url, { token, lastEventId: frames.length, most: Math.max(1, cut - frames.length) })),
    );
  }
  frames.push(...(await curlEvents(url, { token: server.token, lastEventId: frames.length })));

  // `numbered` fails where an event is missing, double or out of order.
  const events = numbered(frames);
  expect(ends(events)).toEqual([{ type: "completed", finishReason: "stop" }]);
  // `started`, the answer, `completed`.
  expect(events).toHaveLength(EVENTS + 2);
  const saved = await savedAnswer(server, body.conversationId);
  for (const type of ["text", "reasoning"] as const) {
    const seen = events.map(({ event }) => (event.type === type ? event.delta : "")).join("");
    expect(textOf(saved.parts, type)).toBe(seen);
  }
  expect(saved.status).toBe("complete");
});

/** Text and reasoning by turns, so that no two deltas can be merged into one event. */
function* longAnswer(): Generator<Step> {
  for (let n = 0; n < EVENTS; n += 2) {
    yield reasoning(`r${n} `);
    yield text(n % 10 === 0 ? `w${n} – 漢字 🧭\n` : `w${n} `);
    if (n % 10 === 0) yield wait(5);
  }
  yield finish();
}
