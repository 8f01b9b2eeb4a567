import { describe, expect, it } from "vitest";
import type { ToolPart } from "../../lib/protocol/messages.ts";
import { activityOf, asJson, shareDone } from "./tool-words.ts";

const call: ToolPart = {
  type: "tool",
  callId: "a",
  server: "s",
  tool: "t",
  args: { n: 1, q: "rivers" },
  state: "running",
};

describe("activityOf", () => {
  it("says what a running call is about, then how far it is", () => {
    expect(activityOf(call)).toBe("rivers");
    expect(activityOf({ ...call, progress: { progress: 3, total: 8, message: "Page\n3" } })).toBe("Page 3, 38 %");
    expect(activityOf({ ...call, progress: { progress: 3 } })).toBe("rivers");
  });

  it("says how a call ended", () => {
    expect(activityOf({ ...call, state: "done" })).toBe("rivers");
    expect(activityOf({ ...call, state: "failed", error: "Timed out\nafter 60 s" })).toBe("Timed out after 60 s");
    expect(activityOf({ ...call, state: "denied" })).toBe("not allowed");
  });

  it.each([undefined, null, 3, "text", [], {}])("takes arguments of any form: %j", (args) => {
    expect(activityOf({ ...call, args })).toBe("");
  });
});

describe("shareDone", () => {
  it.each([
    [{ progress: 1, total: 4 }, 0.25],
    [{ progress: 9, total: 4 }, 1],
    [{ progress: -1, total: 4 }, 0],
    [{ progress: 1, total: 0 }, undefined],
    [{ progress: 1 }, undefined],
  ])("of %j is %j", (progress, share) => {
    expect(shareDone({ ...call, progress })).toBe(share);
  });
});

describe("asJson", () => {
  it("shows any value", () => {
    expect(asJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(asJson(undefined)).toBe("undefined");
  });
});
