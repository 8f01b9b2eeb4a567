import { describe, expect, it } from "vitest";
import type { TerminalEvent, TurnEvent } from "../../lib/protocol/events.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import type { LoggedTurn, TurnClaim } from "../ports/turn-log.ts";
import { recoverTurns } from "./recover-turns.ts";

const completed: TerminalEvent = { type: "completed", finishReason: "stop" };

describe("recoverTurns", () => {
  it("closes an orphan as interrupted, with its text", async () => {
    const { steps, answers } = await recover({ orphans: [logged("a", undefined)] });
    expect(steps).toEqual(["settle a failed", "save a", "finish a saved"]);
    expect(answers).toMatchObject([
      { id: "answer of a", status: "interrupted", error: { code: "interrupted" }, parts: [{ text: "half" }] },
    ]);
  });

  it("gives an orphan the end that it had before the crash", async () => {
    const { answers } = await recover({ orphans: [logged("a", completed)] });
    expect(answers).toMatchObject([{ status: "complete", parts: [{ text: "half" }] }]);
  });

  it("ends the readers' wait also when the store stays down, and saves on", async () => {
    const { steps } = await recover({ orphans: [logged("a", undefined), logged("b", completed)], isDown: true });
    expect(steps.filter((step) => step.includes(" a"))).toEqual([
      "settle a failed",
      "save a",
      "finish a unsaved",
      "save later a complete: false",
    ]);
    expect(steps).toContain("save later b complete: true");
  });

  it("saves on what was ended unsaved, and does not end it again", async () => {
    const ended = { ...logged("a", completed), events: [...logged("a", undefined).events, completed] };
    const { steps } = await recover({ unsaved: [ended] });
    expect(steps).toEqual(["save later a complete: true"]);
  });
});

async function recover(given: { orphans?: LoggedTurn[]; unsaved?: LoggedTurn[]; isDown?: boolean }) {
  const steps: string[] = [];
  const answers: Message[] = [];
  const log = {
    orphans: async () => given.orphans ?? [],
    unsaved: async () => given.unsaved ?? [],
    async settle(turnId: string, end: TerminalEvent) {
      steps.push(`settle ${turnId} ${end.type}`);
      return end;
    },
    async finish(turnId: string, { saved }: { saved: boolean }) {
      steps.push(`finish ${turnId} ${saved ? "saved" : "unsaved"}`);
    },
  };
  const saver = {
    async save({ turnId }: TurnClaim, answer: Message) {
      steps.push(`save ${turnId}`);
      answers.push(answer);
      return given.isDown !== true;
    },
    saveLater({ turnId }: TurnClaim, { status }: Message) {
      steps.push(`save later ${turnId} complete: ${status === "complete"}`);
    },
  };
  const quiet = () => undefined;
  await recoverTurns({ log, saver, logger: { info: quiet, warn: quiet, error: quiet } });
  return { steps, answers };
}

function logged(turnId: string, end: TerminalEvent | undefined): LoggedTurn {
  const claim: TurnClaim = {
    turnId,
    userId: "user",
    conversationId: "conversation",
    parentId: null,
    userMessageId: "question",
    assistantMessageId: `answer of ${turnId}`,
    question: [],
    title: "?",
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  const events: TurnEvent[] = [
    { type: "started", model: "m", messageId: claim.assistantMessageId },
    { type: "text", delta: "half" },
  ];
  return { claim, events, end };
}
