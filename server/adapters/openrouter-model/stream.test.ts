import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScriptedUpstream, startScriptedUpstream } from "../../../tests/fixtures/scripted-upstream.ts";
import * as script from "../../../tests/fixtures/upstream-script.ts";
import type { Model, ModelChunk, ModelMessage } from "../../ports/model.ts";
import { createOpenRouterModel } from "./index.ts";

const never = new AbortController().signal;
const QUESTION: ModelMessage = { role: "user", content: [{ type: "text", text: "?" }] };
let upstream: ScriptedUpstream;
let model: Model;

beforeAll(async () => {
  upstream = await startScriptedUpstream(script.say(""), { apiKey: "the-right-key" });
  model = createOpenRouterModel({ baseUrl: upstream.baseUrl, apiKey: "the-right-key", idleTimeoutMs: 20_000 });
});
afterAll(() => upstream.close());

describe("a model call", () => {
  it("gives a paced answer to the character, cut anywhere, ending in finish", async () => {
    const tokens = ["Grüße, ", "日本語 ", "👩‍👩‍👧 ", ...script.words(200)];
    upstream.play({
      ...script.answer({ reasoning: ["Hm. "], tokens, usage: { prompt_tokens: 3, completion_tokens: 4, cost: 0.5 } }),
      split: [1, 7, 2, 64],
    });
    const chunks = await collect(model.stream({ model: "m", messages: [QUESTION], tools: [] }, never));
    expect(textOf(chunks)).toBe(tokens.join(""));
    expect(chunks.slice(-2)).toEqual([
      { type: "usage", usage: { inputTokens: 3, outputTokens: 4, cost: 0.5 } },
      { type: "finish", reason: "stop" },
    ]);
  });

  it("hands reasoning back with the results of its calls, and uses the connection again", async () => {
    const details = [{ type: "reasoning.text", index: 0, text: "thought", signature: "sig", format: "f" }];
    upstream.play([
      {
        steps: [
          script.delta({ reasoning: "thought", reasoning_details: details }),
          script.fragments({ index: 0, id: "c1", function: { name: "s__t", arguments: '{"a"' } }),
          script.fragments({ index: 0, function: { arguments: ":1}" } }),
          script.finish("tool_calls"),
          script.done,
        ],
      },
      script.say("done"),
    ]);
    const first = await collect(model.stream({ model: "m", messages: [QUESTION], tools: [] }, never));
    const calls = first.flatMap((chunk) => (chunk.type === "tool-call" ? [chunk.call] : []));
    const continuation = first.flatMap((chunk) => (chunk.type === "continuation" ? [chunk.value] : []));
    expect(calls).toEqual([{ callId: "c1", name: "s__t", args: { a: 1 } }]);

    const messages: ModelMessage[] = [
      QUESTION,
      { role: "assistant", text: "", calls, continuation },
      { role: "tool", callId: "c1", content: [{ type: "text", text: "result" }] },
    ];
    const tools = [{ name: "s__t", description: "", inputSchema: { type: "object" } }];
    await collect(model.stream({ model: "m", messages, tools }, never));
    expect(upstream.requests.at(-1)?.body).toMatchObject({
      model: "m",
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: "user", content: "?" },
        { role: "assistant", content: null, tool_calls: [{ id: "c1" }], reasoning_details: details },
        { role: "tool", tool_call_id: "c1", content: "result" },
      ],
    });
    expect(upstream.requests.at(-1)?.headers).toMatchObject({ authorization: "Bearer the-right-key" });
    expect(Object.keys(upstream.requests.at(-1)?.headers ?? {}).filter((name) => name.startsWith("x-"))).toEqual([]);
  });

  it("ends well when the connection breaks behind the finish reason: only the usage is lost", async () => {
    upstream.play({ steps: [script.text("whole"), script.finish(), script.reset] });
    const chunks = await collect(model.stream({ model: "m", messages: [QUESTION], tools: [] }, never));
    expect(chunks).toEqual([
      { type: "text", delta: "whole" },
      { type: "finish", reason: "stop" },
    ]);
  });

  it.each([
    ["before the headers", undefined],
    ["before the first token", { steps: [script.comment(), script.stall] }],
    ["in the middle", { steps: [script.text("part"), script.stall] }],
    ["behind the finish reason", { steps: [script.text("part"), script.finish(), script.stall] }],
  ])("closes the connection and throws the signal's reason on an abort %s", async (_, reply) => {
    const index = upstream.requests.length;
    const silence = Promise.withResolvers<script.Reply>();
    upstream.play(() => reply ?? silence.promise);
    const stop = new AbortController();
    const reason = new Error("stopped by the person");
    const collected = collect(model.stream({ model: "m", messages: [QUESTION], tools: [] }, stop.signal));
    const request = await upstream.request(index);
    expect(request.open).toBe(true);
    stop.abort(reason);
    await expect(collected).rejects.toBe(reason);
    expect(await request.closed).toBeGreaterThan(0);
    expect(request.complete).toBe(false);
    silence.resolve(script.say(""));
  });

  it("sends nothing when the signal has aborted before", async () => {
    const before = upstream.requests.length;
    const reason = new Error("too late");
    const chunks = collect(model.stream({ model: "m", messages: [QUESTION], tools: [] }, AbortSignal.abort(reason)));
    await expect(chunks).rejects.toBe(reason);
    expect(upstream.requests.length).toBe(before);
  });

  it("closes the connection when its reader leaves", async () => {
    const index = upstream.requests.length;
    upstream.play({ steps: [script.text("part"), script.stall] });
    for await (const _ of model.stream({ model: "m", messages: [QUESTION], tools: [] }, never)) break;
    const request = await upstream.request(index);
    await request.closed;
    expect(request.open).toBe(false);
  });

  it("holds an endpoint that is faster than its reader, and loses nothing", async () => {
    const tokens = script.words(20_000);
    upstream.play(script.answer({ tokens }));
    let text = "";
    for await (const batch of model.stream({ model: "m", messages: [QUESTION], tools: [] }, never)) {
      text += textOf(batch);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(text).toBe(tokens.join(""));
  });

  it("runs 1,000 calls to one host at once", { timeout: 60_000 }, async () => {
    const start = upstream.requests.length;
    const all = Promise.withResolvers<void>();
    upstream.play(({ index }) => {
      if (index === start + 999) all.resolve();
      return { steps: [script.text(`${index}`), script.until(all.promise), script.finish(), script.done] };
    });
    const calls = Array.from({ length: 1_000 }, () =>
      collect(model.stream({ model: "m", messages: [QUESTION], tools: [] }, never)),
    );
    const texts = new Set((await Promise.all(calls)).map(textOf));
    expect(texts.size).toBe(1_000);
  });
});

async function collect(batches: AsyncIterable<readonly ModelChunk[]>): Promise<ModelChunk[]> {
  const chunks: ModelChunk[] = [];
  for await (const batch of batches) chunks.push(...batch);
  return chunks;
}

function textOf(chunks: readonly ModelChunk[]): string {
  return chunks.map((chunk) => (chunk.type === "text" ? chunk.delta : "")).join("");
}
