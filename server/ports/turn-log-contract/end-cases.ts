import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import type { TerminalEvent } from "../../../lib/protocol/events.ts";
import { LogClosedError } from "../turn-log.ts";
import { COMPLETED, ended, RecordingReader, running, type StartLog, text } from "./fixture.ts";

const STOPPED: TerminalEvent = { type: "stopped" };

export function endCases(start: StartLog): void {
  it("is the one that was settled first, also among racing callers and afterwards", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    const racing = await Promise.all([
      log.settle(turnId, STOPPED),
      log.settle(turnId, COMPLETED),
      log.settle(turnId, COMPLETED),
    ]);
    expect(racing).toEqual([STOPPED, STOPPED, STOPPED]);
    expect(await log.settle(turnId, COMPLETED)).toEqual(STOPPED);
    await log.finish(turnId, { saved: true });
    expect(await log.settle(turnId, COMPLETED)).toEqual(STOPPED);
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    expect(reader.eventsOf(turnId)).toEqual([text("a"), STOPPED]);
  });

  it("is not seen by readers before it is finished", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    await log.settle(turnId, COMPLETED);
    const late = new RecordingReader();
    await log.attach(turnId, 0, late);
    expect(reader.eventsOf(turnId)).toEqual([text("a")]);
    expect(late.eventsOf(turnId)).toEqual([text("a")]);
    await log.finish(turnId, { saved: true });
    expect(reader.eventsOf(turnId)).toEqual([text("a"), COMPLETED]);
    expect(late.eventsOf(turnId)).toEqual([text("a"), COMPLETED]);
    expect(reader.batches.at(-1)?.ended).toBe(true);
  });

  it("can be that of a turn without events", async () => {
    const { log } = await start();
    const { turnId } = await running(log, []);
    await log.settle(turnId, STOPPED);
    await log.finish(turnId, { saved: true });
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    expect(reader.eventsOf(turnId)).toEqual([STOPPED]);
  });

  it("cannot be finished before it is settled, nor for a turn that is not there", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    await expect(log.finish(turnId, { saved: true })).rejects.toThrow();
    await expect(log.finish(uuid(), { saved: true })).rejects.toBeInstanceOf(LogClosedError);
    await expect(log.settle(uuid(), COMPLETED)).rejects.toBeInstanceOf(LogClosedError);
    expect(await log.append(turnId, [text("b")])).toBe(2);
  });

  it("comes once, however often it is finished", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    const settled = log.settle(turnId, COMPLETED);
    await Promise.all([settled, log.finish(turnId, { saved: false }), log.finish(turnId, { saved: true })]);
    await log.finish(turnId, { saved: false });
    expect(reader.eventsOf(turnId)).toEqual([text("a"), COMPLETED]);
    expect(await log.unsaved()).toEqual([]);
  });

  it("leaves a turn whose answer is not in the store among the unsaved until it is", async () => {
    const { log } = await start();
    await ended(log, ["a"]);
    const unsaved = await ended(log, ["b", "c"], { saved: false });
    await running(log, ["d"]);
    expect(await log.unsaved()).toEqual([
      { claim: unsaved, events: [text("b"), text("c"), COMPLETED], end: COMPLETED },
    ]);
    await log.markSaved(unsaved.turnId);
    expect(await log.unsaved()).toEqual([]);
    await log.markSaved(unsaved.turnId);
    await log.markSaved(uuid());
  });
}
