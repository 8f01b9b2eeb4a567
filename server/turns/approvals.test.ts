import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApprovals } from "./approvals.ts";

const call = { callId: "1", name: "files__write" };
const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an approval", () => {
  it("is given by the first answer; the second is late", async () => {
    const approvals = createApprovals();
    const decision = approvals.ask(call, 1_000, never);
    expect(approvals.answer("1", "deny")).toEqual({ status: "taken", name: "files__write" });
    expect(approvals.answer("1", "allow")).toEqual({ status: "already-decided" });
    expect(await decision).toBe("deny");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("expires, and then takes no answer", async () => {
    const approvals = createApprovals();
    const decision = approvals.ask(call, 1_000, never);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(approvals.answer("1", "allow")).toEqual({ status: "already-decided" });
    expect(await decision).toBe("expired");
  });

  it.each(["while it is waited for", "before it is asked for"])("ends with the reason of a stop %s", async (when) => {
    const approvals = createApprovals();
    const controller = new AbortController();
    if (when === "before it is asked for") controller.abort(new Error("stopped"));
    const decision = approvals.ask(call, 1_000, controller.signal);
    controller.abort(new Error("stopped"));
    await expect(decision).rejects.toThrow("stopped");
    expect(approvals.answer("1", "allow")).toEqual({ status: "already-decided" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("of another call is not touched, and one that was never asked for is unknown", async () => {
    const approvals = createApprovals();
    expect(approvals.answer("1", "allow")).toEqual({ status: "unknown" });
    const first = approvals.ask(call, 1_000, never);
    const second = approvals.ask({ ...call, callId: "2" }, 1_000, never);
    expect(approvals.answer("3", "allow")).toEqual({ status: "unknown" });
    approvals.answer("2", "allow");
    approvals.answer("1", "deny");
    expect(await Promise.all([first, second])).toEqual(["deny", "allow"]);
  });
});
