import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TurnEvent } from "./events.ts";
import type { ToolContent } from "./messages.ts";
import { EMPTY_TURN, reduceTurn, type TurnState } from "./reduce-turn.ts";

const callId = fc.constantFrom("a", "b", "c");
const event: fc.Arbitrary<TurnEvent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("text" as const), delta: fc.string({ unit: "grapheme" }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("reasoning" as const), delta: fc.string() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("tool-call" as const),
      callId,
      server: fc.constant("s"),
      tool: fc.constant("t"),
      args: fc.jsonValue(),
    }),
  },
  fc.record({ type: fc.constant("approval-needed" as const), callId }),
  fc.record({
    type: fc.constant("approval" as const),
    callId,
    decision: fc.constantFrom("allow" as const, "deny" as const),
  }),
  fc.record({ type: fc.constant("tool-progress" as const), callId, progress: fc.nat() }),
  fc.record({
    type: fc.constant("tool-result" as const),
    callId,
    ok: fc.boolean(),
    content: fc.constant<ToolContent[]>([]),
  }),
  fc.record({ type: fc.constant("usage" as const), inputTokens: fc.nat(100), outputTokens: fc.nat(100) }),
  fc.constantFrom<TurnEvent>(
    { type: "completed", finishReason: "stop" },
    { type: "stopped" },
    { type: "failed", code: "interrupted", message: "m", retryable: true },
    { type: "failed", code: "upstream_error", message: "m", retryable: true },
  ),
);
const events = fc.array(event, { maxLength: 40 });

const fold = (list: readonly TurnEvent[], from: TurnState = EMPTY_TURN) =>
  list.reduce((state, each, index) => reduceTurn(state, { seq: from.lastSeq + index + 1, event: each }), from);

describe("reduceTurn", () => {
  it("is idempotent: replaying any part of the log changes nothing", () => {
    fc.assert(
      fc.property(events, fc.nat(), (list, at) => {
        const state = fold(list);
        const again = list
          .slice(at % (list.length + 1))
          .reduce(
            (now, each, index) => reduceTurn(now, { seq: (at % (list.length + 1)) + index + 1, event: each }),
            state,
          );
        const end = list.findIndex(({ type }) => type === "completed" || type === "stopped" || type === "failed");
        expect(again).toBe(state);
        expect(state.lastSeq).toBe(end === -1 ? list.length : end + 1);
      }),
    );
  });

  it("refuses gaps, so that a reader can see them", () => {
    fc.assert(
      fc.property(events, event, fc.integer({ min: 2, max: 9 }), (list, next, gap) => {
        const state = fold(list);
        expect(reduceTurn(state, { seq: state.lastSeq + gap, event: next })).toBe(state);
      }),
    );
  });

  it("keeps every character of text and reasoning in its order", () => {
    fc.assert(
      fc.property(events, (list) => {
        const open = list.slice(0, fold(list).lastSeq);
        for (const type of ["text", "reasoning"] as const) {
          const sent = open.map((each) => (each.type === type ? each.delta : "")).join("");
          const kept = fold(list)
            .parts.map((part) => (part.type === type ? part.text : ""))
            .join("");
          expect(kept).toBe(sent);
        }
      }),
    );
  });

  it("leaves no call open after the end", () => {
    fc.assert(
      fc.property(events, (list) => {
        const ended = fold([...list, { type: "stopped" }]);
        for (const part of ended.parts) {
          if (part.type === "tool") expect(["done", "failed", "denied"]).toContain(part.state);
        }
      }),
    );
  });

  it("never changes the state that it was given", () => {
    fc.assert(
      fc.property(events, event, (list, next) => {
        const state = fold(list);
        const before = structuredClone(state);
        reduceTurn(state, { seq: state.lastSeq + 1, event: next });
        expect(state).toEqual(before);
      }),
    );
  });

  it("lets an unknown event take its number", () => {
    const state = reduceTurn(fold([{ type: "text", delta: "a" }]), { seq: 2, event: { type: "unknown" } });
    expect(reduceTurn(state, { seq: 3, event: { type: "text", delta: "b" } }).parts).toEqual([
      { type: "text", text: "ab" },
    ]);
  });

  it("sums the usage of a turn's model calls", () => {
    const usage = { type: "usage", inputTokens: 10, outputTokens: 5 } as const;
    expect(fold([usage, { ...usage, cost: 0.25 }, { ...usage, cost: 0.5 }]).usage).toEqual({
      inputTokens: 30,
      outputTokens: 15,
      cost: 0.75,
    });
  });

  const call = { type: "tool-call", callId: "a", server: "s", tool: "t", args: {} } as const;
  const ask = { type: "approval-needed", callId: "a" } as const;
  const result = { type: "tool-result", callId: "a", ok: true, content: [{ type: "text", text: "r" }] } as const;
  it.each<[string, TurnEvent[], object]>([
    ["runs", [call], { state: "running" }],
    ["waits for approval", [call, ask], { state: "waiting" }],
    ["runs when allowed", [call, ask, { type: "approval", callId: "a", decision: "allow" }], { state: "running" }],
    [
      "is denied, and stays so with its result",
      [
        call,
        ask,
        { type: "approval", callId: "a", decision: "deny" },
        { ...result, ok: false, content: [], error: "no" },
      ],
      { state: "denied", error: "no" },
    ],
    [
      "shows progress",
      [call, { type: "tool-progress", callId: "a", progress: 1, total: 4 }],
      { progress: { progress: 1, total: 4 } },
    ],
    ["is done", [call, { ...result, content: [...result.content] }], { state: "done", content: result.content }],
    ["has failed", [call, { ...result, ok: false, content: [], error: "e" }], { state: "failed", error: "e" }],
    ["takes one result", [call, { ...result, content: [] }, { ...result, ok: false, content: [] }], { state: "done" }],
    ["fails with the turn", [call, { type: "stopped" }], { state: "failed" }],
  ])("a call %s", (_, list, expected) => {
    expect(fold(list).parts).toEqual([expect.objectContaining(expected)]);
  });
});
