import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenOnFreePort } from "../../scripts/ports.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { startScriptedServer } from "../fixtures/scripted-server.ts";
import { startTestServer } from "../fixtures/test-server.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import {
  chunk,
  comment,
  done,
  errorChunk,
  finish,
  page,
  type Reply,
  raw,
  refuse,
  reset,
  stall,
  text,
} from "../fixtures/upstream-script.ts";

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer(() => refuse(500, "no script"), { env: { MODEL_IDLE_TIMEOUT_MS: "1000" } });
});
afterAll(() => server.close());

const HALF = [text("Half "), text("a sentence")];
const KEPT = "Half a sentence";

describe("an upstream that fails ends the turn once, with the true reason and the text kept", () => {
  it.each<[string, Reply, { code: string; retryable: boolean; says: RegExp; kept: string }]>([
    ["401", refuse(401, "No auth"), { code: "upstream_auth", retryable: false, says: /key/i, kept: "" }],
    [
      "429 with Retry-After",
      refuse(429, "Slow down", { "retry-after": "7" }),
      { code: "upstream_rate_limited", retryable: true, says: /\b7 s/, kept: "" },
    ],
    ["500", refuse(500, "Oops"), { code: "upstream_error", retryable: true, says: /500/, kept: "" }],
    [
      "a reset in the middle",
      { steps: [...HALF, reset] },
      { code: "upstream_error", retryable: true, says: /./, kept: KEPT },
    ],
    [
      "an end without finish_reason",
      { steps: HALF },
      { code: "upstream_truncated", retryable: true, says: /./, kept: KEPT },
    ],
    [
      "[DONE] without finish_reason",
      { steps: [...HALF, done] },
      { code: "upstream_truncated", retryable: true, says: /./, kept: KEPT },
    ],
    [
      "an error chunk inside a 200",
      { steps: [...HALF, errorChunk("Provider is down")] },
      { code: "upstream_error", retryable: true, says: /Provider is down/, kept: KEPT },
    ],
    [
      'finish_reason "error"',
      { steps: [...HALF, finish("error")] },
      { code: "upstream_error", retryable: true, says: /./, kept: KEPT },
    ],
    [
      "an HTML body with 200",
      page("<h1>Welcome</h1>"),
      { code: "upstream_error", retryable: false, says: /./, kept: "" },
    ],
    ["a stall", { steps: [...HALF, stall] }, { code: "upstream_stalled", retryable: true, says: /./, kept: KEPT }],
    [
      "malformed JSON",
      { steps: [...HALF, raw("data: {nope\n\n")] },
      { code: "upstream_error", retryable: true, says: /./, kept: KEPT },
    ],
  ])("%s", async (_, reply, { code, retryable, says, kept }) => {
    const { end, seen, saved } = await ask(server, reply);
    expect(end).toMatchObject({ type: "failed", code, message: expect.stringMatching(says) });
    if (code !== "upstream_error") expect(end).toMatchObject({ retryable });
    expect(textOf(seen.parts)).toBe(kept);
    expect(saved).toMatchObject({ status: "failed", error: { code } });
    expect(textOf(saved.parts)).toBe(kept);
    expect(JSON.stringify(saved)).not.toContain("test-key");
  });

  it("a refused connection", async () => {
    const probe = createServer();
    const port = await listenOnFreePort(probe);
    await new Promise((resolve) => probe.close(resolve));
    const env = { OPENROUTER_BASE_URL: `http://127.0.0.1:${port}`, OPENROUTER_API_KEY: "test-key", MODELS: "m" };
    const alone = await startTestServer({ env });
    const { end, saved } = await ask(alone);
    expect(end).toMatchObject({ type: "failed", code: "upstream_error", retryable: true });
    expect(saved).toMatchObject({ status: "failed", parts: [] });
    await alone.close();
  });
});

describe("what is no fault", () => {
  const exact = "Ünï – 漢字 🧭👩‍💻 «end»";

  it.each<[string, Reply]>([
    ["UTF-8 split over chunks", { steps: [text(exact), finish(), done], split: [1] }],
    ["frames split anywhere", { steps: [text(exact), finish(), done], split: [3, 7, 2, 50] }],
    ["comments before, between and behind", { steps: [comment(), text(exact), comment(), finish(), comment(), done] }],
    ["no [DONE]", { steps: [text(exact), finish()] }],
    ["fields that nobody knows", { steps: [chunk({ choices: [], new: { a: 1 } }), text(exact), finish(), done] }],
  ])("%s", async (_, reply) => {
    const { end, seen, saved } = await ask(server, reply);
    expect(end).toEqual({ type: "completed", finishReason: "stop" });
    expect(textOf(seen.parts)).toBe(exact);
    expect(textOf(saved.parts)).toBe(exact);
  });
});

async function ask(on: { url: string; token: string }, reply?: Reply) {
  if (reply) server.upstream.play(reply);
  const body = turnBody();
  const stream = await openEventSource(`${on.url}/api/chat/stream`, { token: on.token, method: "POST", body });
  const events = numbered(await stream.rest());
  const terminal = ends(events);
  expect(terminal).toHaveLength(1);
  return { end: terminal[0], seen: fold(events), saved: await savedAnswer(on, body.conversationId) };
}
