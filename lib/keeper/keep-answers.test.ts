import { v7 } from "uuid";
import { expect, it } from "vitest";
import type { TurnEvent } from "../protocol/events.ts";
import type { AnswerPart } from "../protocol/messages.ts";
import { keepAnswers } from "./keep-answers.ts";
import { createKeeperStore } from "./keeper-store.ts";

it("keeps what answers hold when some time has passed, and at their end; never twice, and nothing any more for a session that is over", () => {
  const { store, kept, pass, end, say, tell } = setUp();
  say("one ");
  say("two ");
  expect(kept).toEqual([]);
  pass();
  expect(kept).toEqual(["one two "]);
  pass();
  say("three");
  pass();
  expect(kept).toEqual(["one two ", "one two three"]);
  store.apply({ type: "models", models: { default: "a", models: [] } });
  pass();
  say(" and four");
  tell({ type: "stopped" });
  expect(kept.slice(2)).toEqual(["one two three and four"]);
  say("?");
  end();
  pass();
  expect(kept).toHaveLength(3);
});

function setUp() {
  const store = createKeeperStore();
  const life = new AbortController();
  const timers = new Set<() => void>();
  const kept: string[] = [];
  const [turnId, conversationId, messageId] = [v7(), v7(), v7()];
  let seq = 0;
  const tell = (event: TurnEvent) => {
    seq += 1;
    store.apply({ type: "turn-events", turnId, conversationId, events: [{ seq, event }] });
  };
  keepAnswers({
    store,
    cache: {
      keepParts: async (id: string, parts: readonly AnswerPart[]) => {
        expect(id).toBe(messageId);
        kept.push(parts.map((part) => (part.type === "text" ? part.text : "")).join(""));
      },
    },
    clock: {
      now: () => 0,
      backoff: () => 0,
      after(_ms, callback) {
        timers.add(callback);
        return () => void timers.delete(callback);
      },
    },
    signal: life.signal,
    onFault: (error) => expect.fail(String(error)),
  });
  tell({ type: "started", model: "a", messageId });
  return {
    store,
    kept,
    tell,
    say: (delta: string) => tell({ type: "text", delta }),
    /** The time between two looks. */
    pass() {
      const due = [...timers];
      timers.clear();
      for (const callback of due) callback();
    },
    end: () => life.abort(),
  };
}
