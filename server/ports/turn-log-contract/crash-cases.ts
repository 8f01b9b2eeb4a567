import { expect, it } from "vitest";
import type { TerminalEvent } from "../../../lib/protocol/events.ts";
import { COMPLETED, claimed, ended, RecordingReader, running, type StartLog, someClaim, text } from "./fixture.ts";

const INTERRUPTED: TerminalEvent = { type: "failed", code: "interrupted", message: "restarted", retryable: true };

export function crashCases(start: StartLog): void {
  it("leaves no orphans to a log that is new or had none running", async () => {
    const { log, reopen } = await start();
    expect(await log.orphans()).toEqual([]);
    await ended(log, ["a"]);
    expect(await (await reopen()).orphans()).toEqual([]);
  });

  it("does not count the turns of the living producer as orphans", async () => {
    const { log } = await start();
    await running(log, ["a"]);
    expect(await log.orphans()).toEqual([]);
  });

  it("leaves turns without a terminal event with all their events, and with the end that was settled", async () => {
    const { log, reopen } = await start();
    const silent = await claimed(log);
    const talking = await running(log, ["a", "b"]);
    const settled = await running(log, ["c"]);
    const over = await ended(log, ["d"]);
    await log.append(talking.turnId, [text("e")]);
    await log.settle(settled.turnId, COMPLETED);
    const orphans = await (await reopen()).orphans();
    expect(orphans).toHaveLength(3);
    expect(orphans).toContainEqual({ claim: silent, events: [], end: undefined });
    expect(orphans).toContainEqual({ claim: talking, events: [text("a"), text("b"), text("e")], end: undefined });
    expect(orphans).toContainEqual({ claim: settled, events: [text("c")], end: COMPLETED });
    expect(orphans.map((turn) => turn.claim.turnId)).not.toContain(over.turnId);
  });

  it("leaves orphans that readers can follow and that end like others", async () => {
    const { log, reopen } = await start();
    const { turnId, userId, conversationId } = await running(log, ["a", "b"]);
    const after = await reopen();
    expect(await after.runningIn(userId, conversationId)).toEqual([turnId]);
    expect(await after.claim(someClaim({ conversationId }))).toEqual({ status: "busy" });
    const ofTurn = new RecordingReader();
    const ofUser = new RecordingReader();
    await after.attach(turnId, 1, ofTurn);
    await after.attachUser(userId, new Map(), ofUser);
    expect(await after.settle(turnId, INTERRUPTED)).toEqual(INTERRUPTED);
    await after.finish(turnId, { saved: true });
    expect(ofTurn.eventsOf(turnId)).toEqual([text("b"), INTERRUPTED]);
    expect(ofUser.eventsOf(turnId)).toEqual([text("a"), text("b"), INTERRUPTED]);
    expect(await after.runningIn(userId, conversationId)).toEqual([]);
    expect(await after.orphans()).toEqual([]);
  });

  it("lets the settled end stand", async () => {
    const { log, reopen } = await start();
    const { turnId } = await running(log, ["a"]);
    await log.settle(turnId, COMPLETED);
    const after = await reopen();
    expect(await after.settle(turnId, INTERRUPTED)).toEqual(COMPLETED);
    await after.finish(turnId, { saved: true });
    const reader = new RecordingReader();
    await after.attach(turnId, 0, reader);
    expect(reader.eventsOf(turnId)).toEqual([text("a"), COMPLETED]);
  });

  it("can come again before the orphans are closed", async () => {
    const { log, reopen } = await start();
    const first = await running(log, ["a"]);
    const between = await reopen();
    const second = await running(between, ["b"]);
    await between.settle(first.turnId, INTERRUPTED);
    const last = await reopen();
    const orphans = await last.orphans();
    expect(orphans).toHaveLength(2);
    expect(orphans).toContainEqual({ claim: first, events: [text("a")], end: INTERRUPTED });
    expect(orphans).toContainEqual({ claim: second, events: [text("b")], end: undefined });
  });

  it("keeps claims, ended turns and the unsaved", async () => {
    const { log, reopen } = await start();
    const saved = await ended(log, ["a"]);
    const unsaved = await ended(log, ["b"], { saved: false });
    const after = await reopen();
    expect(await after.find(saved.turnId)).toEqual(saved);
    expect(await after.claim(someClaim({ turnId: saved.turnId }))).toEqual({ status: "known", claim: saved });
    const reader = new RecordingReader();
    await after.attach(saved.turnId, 0, reader);
    expect(reader.eventsOf(saved.turnId)).toEqual([text("a"), COMPLETED]);
    expect(await after.unsaved()).toEqual([{ claim: unsaved, events: [text("b"), COMPLETED], end: COMPLETED }]);
  });
}
