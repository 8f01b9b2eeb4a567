import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import type { TurnEvent } from "../../../lib/protocol/events.ts";
import { LogClosedError } from "../turn-log.ts";
import { COMPLETED, claimed, ended, RecordingReader, running, type StartLog, text } from "./fixture.ts";

export function appendCases(start: StartLog): void {
  it("numbers the events on, also those of appends that did not wait", async () => {
    const { log } = await start();
    const { turnId } = await claimed(log);
    expect(await log.append(turnId, [text("a")])).toBe(1);
    const [second, third, fourth] = await Promise.all([
      log.append(turnId, [text("b"), text("c")]),
      log.append(turnId, [text("d")]),
      log.append(turnId, [text("e"), text("f")]),
    ]);
    expect([second, third, fourth]).toEqual([3, 4, 6]);
    expect(await log.append(turnId, [])).toBe(6);
  });

  it("numbers each turn for itself", async () => {
    const { log } = await start();
    const turns = await Promise.all(Array.from({ length: 20 }, () => claimed(log)));
    const numbers = await Promise.all(
      turns.flatMap(({ turnId }) => [log.append(turnId, [text("a")]), log.append(turnId, [text("b")])]),
    );
    expect(numbers).toEqual(turns.flatMap(() => [1, 2]));
  });

  it("has given the batch to the readers when it resolves", async () => {
    const { log } = await start();
    const { turnId, conversationId } = await claimed(log);
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    for (let seq = 1; seq <= 5; seq++) {
      await log.append(turnId, [text(`${seq}`)]);
      expect(reader.batches).toHaveLength(seq);
      expect(reader.batches.at(-1)).toEqual({
        turnId,
        conversationId,
        firstSeq: seq,
        events: [JSON.stringify(text(`${seq}`))],
        ended: false,
      });
    }
  });

  it("keeps every character and every form of event", async () => {
    const { log } = await start();
    const { turnId } = await claimed(log);
    const events: TurnEvent[] = [
      { type: "started", model: "m", messageId: uuid() },
      text('line\nbreak\r\n \u2028 \u0000 "quoted" \\ \u{1F30D} 日本'),
      text("\ud800 alone"),
      { type: "tool-call", callId: "c", server: "s", tool: "t", args: { deep: [1, null, { a: "b\nc" }] } },
      { type: "tool-result", callId: "c", ok: true, content: [{ type: "json", json: { x: "1\n2 3" } }] },
      { type: "usage", inputTokens: 1, outputTokens: 2, cost: 0.25 },
    ];
    await log.append(turnId, events);
    const whileRunning = new RecordingReader();
    await log.attach(turnId, 0, whileRunning);
    await log.settle(turnId, COMPLETED);
    await log.finish(turnId, { saved: true });
    const afterwards = new RecordingReader();
    await log.attach(turnId, 0, afterwards);
    expect(whileRunning.eventsOf(turnId)).toEqual([...events, COMPLETED]);
    expect(afterwards.eventsOf(turnId)).toEqual([...events, COMPLETED]);
  });

  it("is refused for an unknown, an ending, an ended and a dropped turn", async () => {
    const { log } = await start();
    const refused = async (turnId: string) =>
      expect(log.append(turnId, [text("late")])).rejects.toBeInstanceOf(LogClosedError);
    await refused(uuid());
    const { turnId } = await running(log, ["a"]);
    await log.settle(turnId, COMPLETED);
    await refused(turnId);
    await log.finish(turnId, { saved: true });
    await refused(turnId);
    const dropped = await running(log, ["a"]);
    await log.dropConversation(dropped.userId, dropped.conversationId);
    await refused(dropped.turnId);
  });

  it("is refused from the very call of settle on, and what came before is kept", async () => {
    const { log } = await start();
    const { turnId } = await claimed(log);
    const before = log.append(turnId, [text("a")]);
    const settled = log.settle(turnId, COMPLETED);
    await expect(log.append(turnId, [text("b")])).rejects.toBeInstanceOf(LogClosedError);
    expect(await before).toBe(1);
    await settled;
    await log.finish(turnId, { saved: true });
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    expect(reader.eventsOf(turnId)).toEqual([text("a"), COMPLETED]);
  });

  it("takes no terminal event that was not settled, and ends the turn with one that was", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    await expect(log.append(turnId, [COMPLETED])).rejects.toThrow();
    await log.settle(turnId, COMPLETED);
    await expect(log.append(turnId, [{ type: "stopped" }])).rejects.toBeInstanceOf(LogClosedError);
    const ending = log.append(turnId, [COMPLETED]);
    await expect(log.append(turnId, [COMPLETED])).rejects.toBeInstanceOf(LogClosedError);
    expect(await ending).toBe(2);
    expect((await log.unsaved()).map((turn) => turn.claim.turnId)).toEqual([turnId]);
    await expect(log.append(turnId, [COMPLETED])).rejects.toBeInstanceOf(LogClosedError);
  });

  it("commits what is pending when the log closes", async () => {
    const { log, reopen } = await start();
    const claim = await claimed(log);
    const pending = Array.from({ length: 10 }, (_, index) => log.append(claim.turnId, [text(`${index}`)]));
    await log.close();
    expect(await Promise.all(pending)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await expect(log.append(claim.turnId, [text("late")])).rejects.toThrow();
    const [orphan] = await (await reopen()).orphans();
    expect(orphan?.events).toHaveLength(10);
  });

  it("checks that it can commit, and cannot when it is closed", async () => {
    const { log } = await start();
    await log.check();
    const { turnId } = await ended(log, ["a"]);
    await log.check();
    expect(await log.find(turnId)).toBeDefined();
    await log.close();
    await expect(log.check()).rejects.toThrow();
  });
}
