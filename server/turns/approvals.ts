import type { Decision } from "../../lib/protocol/events.ts";

/** The approvals that one running turn has asked for. The first answer to each wins. */
export type Approvals = {
  /** Waits for the person. After `timeoutMs` without an answer it is `expired`. Rejects with the signal's reason. */
  ask(call: PendingCall, timeoutMs: number, signal: AbortSignal): Promise<Decision | "expired">;
  /** Takes an answer; what became of it. */
  answer(
    callId: string,
    decision: Decision,
  ): { status: "taken"; name: string } | { status: "already-decided" | "unknown" };
};

/** `name` is the tool's (`server__tool`). */
export type PendingCall = { callId: string; name: string };

/** No approvals yet. */
export function createApprovals(): Approvals {
  const pending = new Map<string, { name: string; resolve: (decision: Decision) => void }>();
  const decided = new Set<string>();

  return {
    ask({ callId, name }, timeoutMs, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Decision | "expired">();
      const onAbort = () => reject(signal.reason);
      const timer = setTimeout(() => resolve("expired"), timeoutMs);
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      pending.set(callId, { name, resolve });
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        pending.delete(callId);
        decided.add(callId);
      };
      return promise.finally(settle);
    },
    answer(callId, decision) {
      if (decided.has(callId)) return { status: "already-decided" };
      const call = pending.get(callId);
      if (!call) return { status: "unknown" };
      decided.add(callId);
      call.resolve(decision);
      return { status: "taken", name: call.name };
    },
  };
}
