import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../lib/protocol/errors.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import type { Store } from "../ports/store.ts";
import type { TurnClaim, TurnLog } from "../ports/turn-log.ts";
import { createAnswerSaver } from "./answer-saver.ts";
import { foldAnswer } from "./fold-answer.ts";

const claim: TurnClaim = {
  turnId: "turn",
  userId: "user",
  conversationId: "conversation",
  parentId: null,
  userMessageId: "question",
  assistantMessageId: "answer",
  question: [{ type: "text", text: "?" }],
  title: "?",
  createdAt: "2026-01-01T00:00:00.000Z",
};
const answer = foldAnswer(claim).message();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("save", () => {
  it("saves the question before the answer", async () => {
    const { saver, saved } = open(() => undefined);
    expect(await saver.save(claim, answer)).toBe(true);
    expect(saved).toEqual(["question", "answer"]);
  });

  it("tries again while the store is down for a moment", async () => {
    const until = performance.now() + 9_000;
    const { saver, saved } = open(() => {
      if (performance.now() < until) throw down();
    });
    const result = saver.save(claim, answer);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await result).toBe(true);
    expect(saved).toEqual(["question", "answer"]);
  });

  it.each([
    ["fails", () => Promise.reject(down())],
    ["fails as no network error", () => Promise.reject(new TypeError("undefined is not a function"))],
    ["never answers", () => new Promise<void>(() => undefined)],
  ])("gives up after 10 s when the store %s", async (_, meet) => {
    const { saver } = open(meet);
    const settled = vi.fn();
    const result = saver.save(claim, answer);
    result.then(settled, settled);
    await vi.advanceTimersByTimeAsync(9_900);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    expect(settled).toHaveBeenCalled();
    expect(await result).toBe(false);
  });

  it("gives up at once when the server closes", async () => {
    const { saver, closing } = open(() => new Promise<void>(() => undefined));
    const result = saver.save(claim, answer);
    closing.abort(new Error("closing"));
    expect(await result).toBe(false);
  });

  it("leaves no timer behind", async () => {
    const { saver } = open(() => undefined);
    await saver.save(claim, answer);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("saveLater", () => {
  it.each([
    ["a store that is down", down()],
    ["a fault that looks like our own", new TypeError("undefined is not a function")],
  ])("goes on through %s until it succeeds, and then tells the log, once", async (_, error) => {
    let isDown = true;
    const { saver, saved, marked } = open(() => {
      if (isDown) throw error;
    });
    saver.saveLater(claim, answer);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(marked).toEqual([]);
    isDown = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(saved).toEqual(["question", "answer"]);
    expect(marked).toEqual(["turn"]);
  });

  it("says each minute how many answers are still unsaved, and nothing more when they are saved", async () => {
    let isDown = true;
    const { saver, saved, logger } = open(() => {
      if (isDown) throw down();
    });
    const lines = () => logger.error.mock.calls.map(([fields]) => fields);
    saver.saveLater(claim, answer);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(lines()).toEqual([]);
    saver.saveLater({ ...claim, turnId: "another turn" }, answer);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lines()).toEqual([{ unsaved: 2 }]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(lines()).toHaveLength(3);
    isDown = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(saved).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(lines()).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not meet a store with all answers at once", async () => {
    let calls = 0;
    let most = 0;
    const { saver, marked } = open(async () => {
      calls += 1;
      most = Math.max(most, calls);
      await Promise.resolve();
      calls -= 1;
    });
    for (let turn = 0; turn < 100; turn += 1) saver.saveLater({ ...claim, turnId: `turn ${turn}` }, answer);
    await vi.waitFor(() => expect(marked).toHaveLength(100));
    expect(most).toBe(10);
  });

  it("ends when the server closes; the log still has the turn", async () => {
    const { saver, marked, closing } = open(() => Promise.reject(down()));
    saver.saveLater(claim, answer);
    await vi.advanceTimersByTimeAsync(1_000);
    closing.abort(new Error("closing"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(marked).toEqual([]);
  });
});

function down(): ApiError {
  return new ApiError("unavailable", "The history cannot be reached right now.");
}

/** A saver over doubles that remember; `meet` is what each call of the store meets first. */
function open(meet: () => unknown) {
  const saved: string[] = [];
  const marked: string[] = [];
  const store: Pick<Store, "openTurn" | "saveAnswer"> = {
    async openTurn(_, turn) {
      await meet();
      saved.push(turn.userMessageId);
    },
    async saveAnswer(_, { id }: Message) {
      await meet();
      saved.push(id);
    },
  };
  const log: Pick<TurnLog, "markSaved"> = {
    async markSaved(turnId) {
      marked.push(turnId);
    },
  };
  const closing = new AbortController();
  const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  return { saver: createAnswerSaver({ store, log, logger }, closing.signal), saved, marked, closing, logger };
}
