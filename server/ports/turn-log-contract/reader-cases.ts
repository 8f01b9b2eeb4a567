import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import type { TurnBatch } from "../turn-log.ts";
import { COMPLETED, claimed, ended, RecordingReader, running, type StartLog, text } from "./fixture.ts";

export function readerCases(start: StartLog): void {
  it("gets what is after its number, then what comes, up to the end", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a", "b", "c"]);
    const reader = new RecordingReader();
    expect((await log.attach(turnId, 1, reader)).status).toBe("attached");
    await log.append(turnId, [text("d")]);
    await log.settle(turnId, COMPLETED);
    expect(reader.hasEnd(turnId)).toBe(false);
    await log.finish(turnId, { saved: true });
    expect(reader.firstOf(turnId)).toBe(2);
    expect(reader.eventsOf(turnId)).toEqual([text("b"), text("c"), text("d"), COMPLETED]);
    expect(reader.hasEnd(turnId)).toBe(true);
  });

  it("gets nothing at first when it has all of a running turn", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    const reader = new RecordingReader();
    expect((await log.attach(turnId, 1, reader)).status).toBe("attached");
    expect(reader.batches).toEqual([]);
    await log.append(turnId, [text("b")]);
    expect(reader.firstOf(turnId)).toBe(2);
  });

  it("gets the rest of an ended turn", async () => {
    const { log } = await start();
    const { turnId } = await ended(log, ["a", "b"]);
    const reader = new RecordingReader();
    expect((await log.attach(turnId, 1, reader)).status).toBe("attached");
    expect(reader.eventsOf(turnId)).toEqual([text("b"), COMPLETED]);
    expect(reader.hasEnd(turnId)).toBe(true);
  });

  it("is told not-found, ahead and at-end, and gets nothing then", async () => {
    const { log } = await start();
    const reader = new RecordingReader();
    const status = async (turnId: string, after: number) => (await log.attach(turnId, after, reader)).status;
    expect(await status(uuid(), 0)).toBe("not-found");
    const { turnId } = await running(log, ["a", "b"]);
    expect(await status(turnId, 3)).toBe("ahead");
    await log.settle(turnId, COMPLETED);
    await log.finish(turnId, { saved: true });
    expect(await status(turnId, 3)).toBe("at-end");
    expect(await status(turnId, 4)).toBe("ahead");
    expect(reader.batches).toEqual([]);
  });

  it("shares each batch with all other readers", async () => {
    const { log } = await start();
    const { turnId, userId } = await claimed(log);
    const readers = [new RecordingReader(), new RecordingReader(), new RecordingReader()];
    const [first, second, third] = readers;
    if (first === undefined || second === undefined || third === undefined) throw new Error("three readers");
    await log.attach(turnId, 0, first);
    await log.attach(turnId, 0, second);
    await log.attachUser(userId, new Map(), third);
    await log.append(turnId, [text("a"), text("b")]);
    expect(first.batches).toHaveLength(1);
    expect(second.batches[0]).toBe(first.batches[0]);
    expect(third.batches[0]).toBe(first.batches[0]);
  });

  it("gets nothing more once it is detached, and detaching twice is harmless", async () => {
    const { log } = await start();
    const { turnId } = await claimed(log);
    const leaving = new RecordingReader();
    const staying = new RecordingReader();
    const attached = await log.attach(turnId, 0, leaving);
    await log.attach(turnId, 0, staying);
    await log.append(turnId, [text("a")]);
    if (attached.status !== "attached") throw new Error(attached.status);
    attached.detach();
    attached.detach();
    await log.append(turnId, [text("b")]);
    expect(leaving.eventsOf(turnId)).toEqual([text("a")]);
    expect(staying.eventsOf(turnId)).toEqual([text("a"), text("b")]);
  });

  it("may detach itself and others inside its callback", async () => {
    const { log } = await start();
    const { turnId } = await claimed(log);
    const detaching: (() => void)[] = [];
    const seen: TurnBatch[] = [];
    const later = new RecordingReader();
    const last = new RecordingReader();
    const onBatch = (batch: TurnBatch) => {
      seen.push(batch);
      for (const detach of detaching) detach();
    };
    for (const reader of [{ onBatch }, later]) {
      const attached = await log.attach(turnId, 0, reader);
      if (attached.status === "attached") detaching.push(attached.detach);
    }
    await log.attach(turnId, 0, last);
    await log.append(turnId, [text("a")]);
    await log.append(turnId, [text("b")]);
    expect(seen).toHaveLength(1);
    expect(later.batches).toEqual([]);
    expect(last.eventsOf(turnId)).toEqual([text("a"), text("b")]);
  });

  it("may attach another inside its callback, which gets each event once", async () => {
    const { log } = await start();
    const { turnId, userId } = await claimed(log);
    const inner = new RecordingReader();
    const innerUser = new RecordingReader();
    const attaching: Promise<unknown>[] = [];
    const onBatch = () => {
      if (attaching.length === 0) {
        attaching.push(log.attach(turnId, 0, inner), log.attachUser(userId, new Map(), innerUser));
      }
    };
    await log.attach(turnId, 0, { onBatch });
    await log.append(turnId, [text("a")]);
    await log.append(turnId, [text("b")]);
    await Promise.all(attaching);
    expect(inner.eventsOf(turnId)).toEqual([text("a"), text("b")]);
    expect(innerUser.eventsOf(turnId)).toEqual([text("a"), text("b")]);
  });

  it("may append inside its callback, also in its replay", async () => {
    const { log } = await start();
    const { turnId } = await running(log, ["a"]);
    const first = new RecordingReader();
    const second = new RecordingReader();
    const appending: Promise<number>[] = [];
    const onBatch = (batch: TurnBatch) => {
      if (appending.length < 2) appending.push(log.append(turnId, [text("more")]));
      first.onBatch(batch);
    };
    await log.attach(turnId, 0, { onBatch });
    await log.attach(turnId, 0, second);
    await Promise.all(appending);
    await log.append(turnId, [text("z")]);
    const all = [text("a"), text("more"), text("more"), text("z")];
    expect(first.eventsOf(turnId)).toEqual(all);
    expect(second.eventsOf(turnId)).toEqual(all);
  });

  it("harms neither the append nor other readers when it throws", async () => {
    const { log } = await start();
    const { turnId, userId } = await running(log, ["a"]);
    const other = new RecordingReader();
    const ofUser = new RecordingReader();
    const onBatch = () => {
      throw new Error("a broken reader");
    };
    await log.attach(turnId, 0, { onBatch });
    await log.attach(turnId, 0, other);
    await log.attachUser(userId, new Map(), ofUser);
    expect(await log.append(turnId, [text("b")])).toBe(2);
    expect(other.eventsOf(turnId)).toEqual([text("a"), text("b")]);
    expect(ofUser.eventsOf(turnId)).toEqual([text("a"), text("b")]);
  });
}
