import { expect, it, vi } from "vitest";
import type { TurnEvent } from "../../lib/protocol/events.ts";
import { ModelFailure } from "../ports/model.ts";
import { recordTurn } from "./record-turn.ts";

const claim = {
  turnId: "turn",
  userId: "user",
  conversationId: "conversation",
  parentId: null,
  userMessageId: "question",
  assistantMessageId: "answer",
  question: [],
  title: "?",
  createdAt: "2026-01-01T00:00:00.000Z",
};

it("tells the person what the endpoint said, and the log only what it means", async () => {
  const message = "The model endpoint sent something that cannot be read. It said: “my password is hunter2”";
  const { events, logged } = await record(async function* () {
    yield [{ type: "text", delta: "kept" }];
    throw new ModelFailure("upstream_error", message, { retryable: true, cause: new Error("ECONNRESET") });
  });
  expect(events.at(-1)).toEqual({ type: "failed", code: "upstream_error", message, retryable: true });
  expect(logged).toContainEqual({ turnId: "turn", code: "upstream_error", err: new Error("ECONNRESET") });
  expect(JSON.stringify(logged)).not.toContain("hunter2");
});

it("tells the person nothing of a fault of our own", async () => {
  const { events } = await record(async function* () {
    yield [{ type: "text", delta: "kept" }];
    throw new Error("the secret is hunter2");
  });
  expect(events.at(-1)).toMatchObject({ type: "failed", code: "internal", retryable: true });
  expect(JSON.stringify(events)).not.toContain("hunter2");
});

it("saves before the terminal event, and after the end is settled", async () => {
  const { steps } = await record(async function* () {
    yield [{ type: "text", delta: "kept" }];
    return "stop";
  });
  expect(steps).toEqual(["append started", "append text", "settle completed", "save complete", "finish saved"]);
});

/** Records a turn over doubles; what they saw. */
async function record(generate: () => AsyncGenerator<TurnEvent[], string>) {
  const events: TurnEvent[] = [];
  const logged: object[] = [];
  const steps: string[] = [];
  const log = {
    async append(_: string, batch: readonly TurnEvent[]) {
      steps.push(...batch.map(({ type }) => `append ${type}`));
      return events.push(...batch);
    },
    async settle<End extends TurnEvent>(_: string, end: End) {
      steps.push(`settle ${end.type}`);
      events.push(end);
      return end;
    },
    async finish(_: string, { saved }: { saved: boolean }) {
      steps.push(saved ? "finish saved" : "finish unsaved");
    },
  };
  const saver = {
    async save(_: unknown, { status }: { status: string }) {
      steps.push(`save ${status}`);
      return true;
    },
    saveLater: vi.fn(),
  };
  const write = (fields: object) => void logged.push(fields);
  const logger = { info: write, warn: write, error: write };
  const turn = { claim, generate: async () => generate(), modelId: "m", controller: new AbortController() };
  await recordTurn(turn, { log, saver, logger, isClosing: () => false });
  return { events, logged, steps };
}
