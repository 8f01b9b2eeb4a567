import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModelChunk } from "../../ports/model.ts";
import { createFailures } from "./failures.ts";
import { createAnswerReader } from "./read-answer.ts";

const failures = createFailures((text) => text);

/** All chunks of a body that comes in these pieces, deltas of one kind in a row joined, with the fault at the end. */
function readAll(pieces: readonly Buffer[]): unknown[] {
  const reader = createAnswerReader(failures);
  const chunks = [...pieces.flatMap((piece) => reader.push([piece])), ...reader.end()];
  const fault = reader.fault();
  return [...joinDeltas(chunks), ...(fault === undefined ? [] : [fault.code])];
}

function joinDeltas(chunks: readonly ModelChunk[]): ModelChunk[] {
  const joined: ModelChunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (last?.type === "text" && chunk.type === "text") last.delta += chunk.delta;
    else if (last?.type === "reasoning" && chunk.type === "reasoning") last.delta += chunk.delta;
    else joined.push({ ...chunk });
  }
  return joined;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % bytes.length))].sort((one, other) => one - other);
  return [...at, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : at[index - 1], end));
}

function frame(delta: unknown, rest: Record<string, unknown> = {}): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null, ...rest }] })}\n\n`;
}

const call = (index: number, id: string | undefined, name: string | undefined, args: string) => ({
  tool_calls: [{ index, id, type: "function", function: { name, arguments: args } }],
});

const WHOLE = [
  ": OPENROUTER PROCESSING\n\n",
  frame({ role: "assistant", content: "" }),
  frame({ reasoning: "Grübeln … 🤔" }),
  frame({ content: "日本語, " }),
  ": OPENROUTER PROCESSING\r\n\r\n",
  frame({ content: "Grüße 👩‍👩‍👧" }),
  frame(call(0, "a", "files__re", "")),
  frame(call(1, "b", "web__get", '{"q":"é')),
  frame(call(0, undefined, "ad", '{"path":')),
  frame(call(1, undefined, undefined, '"}')),
  frame(call(0, undefined, undefined, '"/ü"}')),
  frame({}, { finish_reason: "tool_calls" }),
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, cost: 0.25 } })}\n\n`,
  "data: [DONE]\n\n",
].join("");

const WHOLE_CHUNKS = [
  { type: "reasoning", delta: "Grübeln … 🤔" },
  { type: "text", delta: "日本語, Grüße 👩‍👩‍👧" },
  { type: "tool-call", call: { callId: "a", name: "files__read", args: { path: "/ü" } } },
  { type: "tool-call", call: { callId: "b", name: "web__get", args: { q: "é" } } },
  { type: "continuation", value: { reasoning: "Grübeln … 🤔" } },
  { type: "usage", usage: { inputTokens: 5, outputTokens: 7, cost: 0.25 } },
  { type: "finish", reason: "tool_calls" },
];

describe("createAnswerReader", () => {
  it("reads a whole answer, comments passed over", () => {
    expect(readAll([Buffer.from(WHOLE)])).toEqual(WHOLE_CHUNKS);
  });

  it("gives the same chunks however the bytes are cut", () => {
    const bytes = Buffer.from(WHOLE);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 60 }), (places) => {
        expect(readAll(cut(bytes, places))).toEqual(WHOLE_CHUNKS);
      }),
    );
  });

  it("gives any text back to the character, byte by byte", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 8 }), (texts) => {
        const body = texts.map((content) => frame({ content })).join("") + frame({}, { finish_reason: "stop" });
        const pieces = [...Buffer.from(body)].map((byte) => Buffer.from([byte]));
        expect(readAll(pieces)).toEqual([
          { type: "text", delta: texts.join("") },
          { type: "finish", reason: "stop" },
        ]);
      }),
    );
  });

  it("keeps the text of a read that a fault ends", () => {
    const body = `${frame({ content: "kept" })}data: {"error":{"code":502,"message":"gone"}}\n\n${frame({ content: "not" })}`;
    expect(readAll([Buffer.from(body)])).toEqual([{ type: "text", delta: "kept" }, "upstream_error"]);
  });

  it("takes a last event without its empty line, and half an event as a cut-off answer", () => {
    const last = frame({}, { finish_reason: "stop" }).trimEnd();
    expect(readAll([Buffer.from(frame({ content: "a" }) + last)])).toEqual([
      { type: "text", delta: "a" },
      { type: "finish", reason: "stop" },
    ]);
    expect(readAll([Buffer.from(frame({ content: "a" }) + last.slice(0, -9))])).toEqual([
      { type: "text", delta: "a" },
      "upstream_truncated",
    ]);
  });

  it.each([
    ["no index, told apart by ids", [undefined, undefined], ["a", "b"], ["a", "b"]],
    ["one index for all", [0, 0], ["a", "b"], ["a", "b"]],
    ["no ids", [0, 1], [undefined, undefined], [expect.stringMatching(/^call_/), expect.stringMatching(/^call_/)]],
  ])("reads parallel calls with %s", (_, indexes, ids, callIds) => {
    const body = [0, 1]
      .map((at) =>
        frame({ tool_calls: [{ index: indexes[at], id: ids[at], function: { name: `t__${at}`, arguments: "{}" } }] }),
      )
      .join("");
    expect(readAll([Buffer.from(body + frame({}, { finish_reason: "tool_calls" }))])).toEqual([
      { type: "tool-call", call: { callId: callIds[0], name: "t__0", args: {} } },
      { type: "tool-call", call: { callId: callIds[1], name: "t__1", args: {} } },
      { type: "finish", reason: "tool_calls" },
    ]);
  });

  it("gives arguments that are not JSON as they are, and none as an empty object", () => {
    const body = frame(call(0, "a", "t__x", '{"half":')) + frame(call(1, "b", "t__y", ""));
    expect(readAll([Buffer.from(body + frame({}, { finish_reason: "tool_calls" }))])).toMatchObject([
      { call: { args: '{"half":' } },
      { call: { args: {} } },
      { type: "finish" },
    ]);
  });

  it("joins reasoning details of one text, keeps signatures, and shows the text once", () => {
    const detail = (fields: Record<string, unknown>) => ({ type: "reasoning.text", index: 0, format: "f", ...fields });
    const body = [
      frame({ reasoning: "one ", reasoning_details: [detail({ text: "one " })] }),
      frame({ reasoning: "two", reasoning_details: [detail({ text: "two" })] }),
      frame({ reasoning_details: [detail({ signature: "sig" })] }),
      frame({ reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "xyz" }] }),
      frame({}, { finish_reason: "stop" }),
    ].join("");
    expect(readAll([Buffer.from(body)])).toEqual([
      { type: "reasoning", delta: "one two" },
      {
        type: "continuation",
        value: {
          reasoning_details: [
            detail({ text: "one two", signature: "sig" }),
            { type: "reasoning.encrypted", index: 1, data: "xyz" },
          ],
        },
      },
      { type: "finish", reason: "stop" },
    ]);
  });

  it.each([
    ["null", { prompt_tokens: null, completion_tokens: null, cost: null }, []],
    ["empty", {}, []],
    ["of one half", { prompt_tokens: 3 }, [{ type: "usage", usage: { inputTokens: 3, outputTokens: 0 } }]],
  ])("does not fail an answer for a usage that is %s", (_, usage, chunks) => {
    const body = `${frame({ content: "a" })}${frame({}, { finish_reason: "stop" })}data: ${JSON.stringify({ usage })}\n\n`;
    expect(readAll([Buffer.from(body)])).toEqual([
      { type: "text", delta: "a" },
      ...chunks,
      { type: "finish", reason: "stop" },
    ]);
  });

  it("ends an event that has no end", () => {
    const piece = Buffer.alloc(8 * 1024 * 1024, "x");
    expect(readAll([Buffer.from(`${frame({ content: "kept" })}data: `), ...Array(6).fill(piece)])).toEqual([
      { type: "text", delta: "kept" },
      "upstream_error",
    ]);
  });
});
