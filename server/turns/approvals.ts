import type { Decision } from "../../lib/protocol/events.ts";

/** The approvals that one running turn has asked for. The first answer to each wins. */
export type Approvals = {
  /** Waits for the person. After `timeoutMs` without an answer it is `expired`. Rejects with the signal's reason. */
  ask(call: PendingCall, timeoutMs: number, signal: AbortSignal): Promise<Decision | "expired">;
  /** Takes an answer; what became of it. */
  answer(callId: string, decision: Decision): Taken;
};

/** `name` is the tool's (`server__tool`). */
export type PendingCall = { callId: string; name: string };

type Taken = { status: "taken"; name: string } | { status: "already-decided" | "unknown" };

type Asked = { name: string; decide: (decision: Decision) => void; isOpen: boolean };

/** No approvals yet. Most turns never ask for any, and many turns run at once: nothing is made before. */
export function createApprovals(): Approvals {
  let calls: Map<string, Asked> | undefined;

  return {
    ask({ callId, name }, timeoutMs, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Decision | "expired">();
      const asked: Asked = { name, decide: resolve, isOpen: true };
      calls ??= new Map();
      calls.set(callId, asked);
      const onAbort = () => reject(signal.reason);
      const timer = setTimeout(() => {
        asked.isOpen = false;
        resolve("expired");
      }, timeoutMs);
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      return promise.finally(() => {
        asked.isOpen = false;
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      });
    },

    answer(callId, decision) {
      const asked = calls?.get(callId);
      if (!asked) return { status: "unknown" };
      if (!asked.isOpen) return { status: "already-decided" };
      asked.isOpen = false;
      asked.decide(decision);
      return { status: "taken", name: asked.name };
    },
  };
}
