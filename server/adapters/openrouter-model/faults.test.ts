import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Script,
  type ScriptedUpstream,
  startScriptedUpstream,
} from "../../../tests/fixtures/scripted-upstream.ts";
import * as script from "../../../tests/fixtures/upstream-script.ts";
import { type ModelChunk, ModelFailure, type ModelRequest } from "../../ports/model.ts";
import { createOpenRouterModel } from "./index.ts";

const KEY = "sk-or-v1-0123456789abcdef";
const REQUEST: ModelRequest = {
  model: "scripted/model",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const never = new AbortController().signal;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  upstream = await startScriptedUpstream(script.say(""));
});
afterAll(() => upstream.close());

describe("a model call that does not end well", () => {
  it.each<[string, Script, Partial<ModelFailure> & { text?: string; says?: RegExp }]>([
    [
      "401",
      script.refuse(401, "No auth"),
      { code: "upstream_auth", retryable: false, says: /OPENROUTER_API_KEY.*No auth/ },
    ],
    ["403", script.refuse(403, "Flagged"), { code: "upstream_auth", retryable: false, says: /Flagged/ }],
    ["402", script.refuse(402, "Insufficient"), { code: "upstream_auth", retryable: false, says: /no credits/ }],
    [
      "429",
      script.refuse(429, "slow down", { "retry-after": "17" }),
      { code: "upstream_rate_limited", retryable: true, says: /in 17 seconds/ },
    ],
    ["500", script.refuse(500, "boom"), { code: "upstream_error", retryable: true, says: /boom/ }],
    [
      "404",
      script.refuse(404, "No endpoints"),
      { code: "upstream_error", retryable: false, says: /Choose another model/ },
    ],
    ["a redirect", script.refuse(301, "", { location: "http://127.0.0.1:1/" }), { code: "upstream_error" }],
    [
      "a prompt that is too long",
      script.refuse(400, "This endpoint's maximum context length is 8192 tokens"),
      { code: "context_too_long", retryable: false },
    ],
    [
      "a reset",
      { steps: [script.text("kept"), script.reset] },
      { code: "upstream_error", retryable: true, text: "kept" },
    ],
    [
      "an error chunk",
      { steps: [script.text("kept"), script.errorChunk("the provider died"), script.done] },
      { code: "upstream_error", text: "kept", says: /the provider died/ },
    ],
    [
      "a rate limit inside the stream",
      { steps: [script.text("kept"), script.errorChunk("slow", "rate_limit_exceeded")] },
      { code: "upstream_rate_limited", text: "kept" },
    ],
    [
      "finish_reason error",
      { steps: [script.text("kept"), script.finish("error")] },
      { code: "upstream_error", text: "kept" },
    ],
    ["HTML with 200", script.page("<html>Sign in</html>"), { code: "upstream_error", says: /web page/ }],
    [
      "HTML that says it is a stream",
      { steps: [script.raw("<html>Sign in</html>")] },
      { code: "upstream_error", says: /web page/ },
    ],
    [
      "a JSON error with 200",
      {
        headers: { "content-type": "application/json" },
        steps: [script.raw('{"error":{"code":401,"message":"bad"}}')],
      },
      { code: "upstream_auth" },
    ],
    [
      "an answer in one piece",
      { headers: { "content-type": "application/json" }, steps: [script.raw('{"choices":[]}')] },
      { code: "upstream_error", says: /no event stream/ },
    ],
    [
      "malformed JSON",
      { steps: [script.text("kept"), script.raw("data: {oops\n\n")] },
      { code: "upstream_error", text: "kept" },
    ],
    [
      "a chunk of another form",
      { steps: [script.chunk({ choices: "none" })] },
      { code: "upstream_error", says: /cannot be read/ },
    ],
    ["an end without finish_reason", { steps: [script.text("kept")] }, { code: "upstream_truncated", text: "kept" }],
    [
      "[DONE] without finish_reason",
      { steps: [script.text("kept"), script.done] },
      { code: "upstream_truncated", text: "kept" },
    ],
    ["comments only", { steps: [script.comment()] }, { code: "upstream_truncated" }],
    ["an empty body", { steps: [] }, { code: "upstream_truncated", says: /without an answer/ }],
  ])("%s", async (_, play, { text = "", says = /./, ...expected }) => {
    upstream.play(play);
    const { chunks, thrown } = await call();
    expect(thrown).toBeInstanceOf(ModelFailure);
    expect(thrown).toMatchObject(expected);
    expect(String(thrown)).toMatch(says);
    expect(textOf(chunks)).toBe(text);
    expect(chunks.some(({ type }) => type === "finish")).toBe(false);
  });

  it("says that the endpoint stalls, before its headers and after a byte", async () => {
    const silent = Promise.withResolvers<script.Reply>();
    for (const play of [() => silent.promise, { steps: [script.text("kept"), script.comment(), script.stall] }]) {
      upstream.play(play);
      const { chunks, thrown } = await call({ idleTimeoutMs: 400 });
      expect(thrown).toMatchObject({ code: "upstream_stalled", retryable: true });
      expect(textOf(chunks)).toBe(typeof play === "function" ? "" : "kept");
      await upstream.requests.at(-1)?.closed;
    }
    silent.resolve(script.say(""));
  });

  it("takes comments as life", async () => {
    const comments = Array.from({ length: 25 }, () => [script.wait(50), script.comment()]).flat();
    upstream.play({ steps: [...comments, script.text("late"), script.finish()] });
    expect(textOf((await call({ idleTimeoutMs: 1_000 })).chunks)).toBe("late");
  });

  it("tells the true reason when a retry takes longer than the idle limit", async () => {
    upstream.play(() => script.refuse(500, "boom"));
    // The client waits 375 ms or more before it tries again.
    expect((await call({ idleTimeoutMs: 300 })).thrown).toMatchObject({ code: "upstream_error" });
  });

  it("says that nobody listens there", async () => {
    const gone = await startScriptedUpstream(script.say(""));
    await gone.close();
    const { thrown } = await call({ baseUrl: gone.baseUrl });
    expect(thrown).toMatchObject({ code: "upstream_error", retryable: true });
    expect(String(thrown)).toMatch(/cannot be reached \(ECONNREFUSED\)/);
  });

  it("tries once more what failed before its first byte, and never what failed after it", async () => {
    const before = upstream.requests.length;
    upstream.play([{ steps: [script.reset] }, script.say("second")]);
    const { thrown } = await call();
    expect(thrown).toMatchObject({ code: "upstream_error" });
    expect(upstream.requests.length).toBe(before + 1);
    upstream.play([script.refuse(503, "busy"), script.say("second")]);
    expect(textOf((await call()).chunks)).toBe("second");
    upstream.play([script.refuse(503, "busy", { "retry-after": "30" }), script.say("second")]);
    expect((await call()).thrown).toMatchObject({ code: "upstream_error" });
  });

  it("shows no key, not even one that the endpoint repeats, neither to the person nor to the log", async () => {
    for (const leak of [KEY, "sk-proj-AAAABBBBCCCC****DDDD", `Bearer ${"x1".repeat(30)}`]) {
      for (const play of [script.refuse(401, `Bad key ${leak}.`), { steps: [script.errorChunk(`Bad key ${leak}.`)] }]) {
        upstream.play(play);
        const { thrown } = await call();
        const cause = `${thrown instanceof Error ? thrown.cause : ""}`;
        expect(`${thrown} ${cause}`).not.toContain(leak);
        expect(`${thrown}`).toContain("Bad key");
        // What an endpoint says may be what the person wrote.
        expect(cause).not.toContain("Bad key");
      }
    }
  });

  it("caps what the endpoint says", async () => {
    upstream.play(script.refuse(400, "no ".repeat(10_000)));
    expect(String((await call()).thrown).length).toBeLessThan(700);
  });
});

async function call(
  over: { idleTimeoutMs?: number; baseUrl?: string } = {},
): Promise<{ chunks: ModelChunk[]; thrown: unknown }> {
  const model = createOpenRouterModel({ baseUrl: upstream.baseUrl, apiKey: KEY, idleTimeoutMs: 20_000, ...over });
  const chunks: ModelChunk[] = [];
  try {
    for await (const batch of model.stream(REQUEST, never)) chunks.push(...batch);
    return { chunks, thrown: undefined };
  } catch (thrown) {
    return { chunks, thrown };
  }
}

function textOf(chunks: readonly ModelChunk[]): string {
  return chunks.map((chunk) => (chunk.type === "text" ? chunk.delta : "")).join("");
}
