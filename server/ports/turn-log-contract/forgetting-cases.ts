import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import { LogClosedError } from "../turn-log.ts";
import { COMPLETED, ended, RecordingReader, running, type StartLog, someClaim, text } from "./fixture.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export function forgettingCases(start: StartLog): void {
  it("drops all turns of a conversation with their claims and tells their readers", async () => {
    const { log } = await start();
    const conversationId = uuid();
    const past = await ended(log, ["a"], { conversationId });
    const present = await running(log, ["b"], { conversationId });
    const elsewhere = await running(log, ["c"]);
    const ofTurn = new RecordingReader();
    const ofUser = new RecordingReader();
    const ofOther = new RecordingReader();
    await log.attach(present.turnId, 0, ofTurn);
    await log.attachUser("user-a", new Map(), ofUser);
    await log.attach(elsewhere.turnId, 0, ofOther);
    await log.dropConversation("user-a", conversationId);
    expect(ofTurn.gone).toEqual([present.turnId]);
    expect(ofUser.gone).toEqual([present.turnId]);
    expect(ofOther.gone).toEqual([]);
    for (const { turnId } of [past, present]) {
      expect(await log.find(turnId)).toBeUndefined();
      expect((await log.attach(turnId, 0, ofTurn)).status).toBe("not-found");
      await expect(log.settle(turnId, COMPLETED)).rejects.toBeInstanceOf(LogClosedError);
      await expect(log.finish(turnId, { saved: true })).rejects.toBeInstanceOf(LogClosedError);
    }
    expect(await log.runningIn("user-a", conversationId)).toEqual([]);
    expect(await log.append(elsewhere.turnId, [text("d")])).toBe(2);
    const again = someClaim({ conversationId });
    expect((await log.claim(again)).status).toBe("claimed");
  });

  it("drops nothing of another user", async () => {
    const { log } = await start();
    const { turnId, conversationId } = await running(log, ["a"]);
    await log.dropConversation("user-b", conversationId);
    expect(await log.find(turnId)).toBeDefined();
    expect(await log.append(turnId, [text("b")])).toBe(2);
  });

  it("leaves nothing of a dropped conversation after a crash", async () => {
    const { log, reopen } = await start();
    const kept = await running(log, ["a"]);
    const dropped = await running(log, ["b"]);
    await log.dropConversation(dropped.userId, dropped.conversationId);
    // Whatever the dropped turn left behind must not become another's.
    const fresh = await running(log, ["c"]);
    const after = await reopen();
    const orphans = await after.orphans();
    expect(orphans).toHaveLength(2);
    expect(orphans).toContainEqual({ claim: kept, events: [text("a")], end: undefined });
    expect(orphans).toContainEqual({ claim: fresh, events: [text("c")], end: undefined });
    expect(await after.find(dropped.turnId)).toBeUndefined();
  });

  it("drops the events of saved turns 24 h after their end, and keeps the claims", async () => {
    const { log, clock } = await start();
    const reader = new RecordingReader();
    const old = await ended(log, ["a"]);
    const oldUnsaved = await ended(log, ["b"], { saved: false });
    const stillRunning = await running(log, ["c"]);
    const at = (ms: number) => new Date(clock.now.getTime() + ms);
    await log.expire(at(DAY_MS));
    expect((await log.attach(old.turnId, 0, new RecordingReader())).status).toBe("attached");
    clock.now = at(DAY_MS);
    const young = await ended(log, ["d"]);
    await log.expire(at(1000));
    expect((await log.attach(old.turnId, 0, reader)).status).toBe("expired");
    await log.attachUser("user-a", new Map([[old.turnId, 0]]), reader);
    expect(reader.eventsOf(old.turnId)).toEqual([]);
    expect(await log.find(old.turnId)).toEqual(old);
    expect((await log.claim(someClaim({ turnId: old.turnId }))).status).toBe("known");
    for (const { turnId } of [oldUnsaved, stillRunning, young]) {
      expect((await log.attach(turnId, 0, new RecordingReader())).status).toBe("attached");
    }
  });

  it("keeps a log that was saved late until 24 h after that", async () => {
    const { log, clock } = await start();
    const { turnId } = await ended(log, ["a"], { saved: false });
    const at = (ms: number) => new Date(clock.now.getTime() + ms);
    clock.now = at(3 * DAY_MS);
    await log.markSaved(turnId);
    await log.expire(at(DAY_MS + 1000));
    expect((await log.attach(turnId, 0, new RecordingReader())).status).toBe("expired");
  });

  it("drops any number of old logs", async () => {
    const { log, clock } = await start();
    const old = await Promise.all(Array.from({ length: 50 }, (_, index) => ended(log, [`${index}`])));
    await log.expire(new Date(clock.now.getTime() + DAY_MS + 1000));
    for (const { turnId } of old) {
      expect((await log.attach(turnId, 0, new RecordingReader())).status).toBe("expired");
    }
  });
}
