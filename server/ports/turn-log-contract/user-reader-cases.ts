import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import { COMPLETED, claimed, ended, RecordingReader, running, type StartLog, text } from "./fixture.ts";

export function userReaderCases(start: StartLog): void {
  it("follows all turns of the user, present and future, and none of others", async () => {
    const { log } = await start();
    const present = await running(log, ["a"]);
    const reader = new RecordingReader();
    await log.attachUser("user-a", new Map(), reader);
    const future = await running(log, ["b"]);
    const foreign = await running(log, ["c"], { userId: "user-b" });
    await log.append(present.turnId, [text("d")]);
    await log.settle(future.turnId, COMPLETED);
    await log.finish(future.turnId, { saved: true });
    expect(reader.eventsOf(present.turnId)).toEqual([text("a"), text("d")]);
    expect(reader.eventsOf(future.turnId)).toEqual([text("b"), COMPLETED]);
    expect(reader.hasEnd(future.turnId)).toBe(true);
    expect(reader.eventsOf(foreign.turnId)).toEqual([]);
  });

  it("gets the rest of named turns, running or ended, and running ones that are not named from 1", async () => {
    const { log } = await start();
    const named = await running(log, ["a", "b", "c"]);
    const unnamed = await running(log, ["d", "e"]);
    const over = await ended(log, ["f", "g"]);
    const overWhole = await ended(log, ["h"]);
    const overUnnamed = await ended(log, ["i"]);
    const reader = new RecordingReader();
    const cursors = new Map([
      [named.turnId, 2],
      [over.turnId, 1],
      [overWhole.turnId, 2],
    ]);
    await log.attachUser("user-a", cursors, reader);
    expect(reader.firstOf(named.turnId)).toBe(3);
    expect(reader.eventsOf(named.turnId)).toEqual([text("c")]);
    expect(reader.eventsOf(unnamed.turnId)).toEqual([text("d"), text("e")]);
    expect(reader.firstOf(over.turnId)).toBe(2);
    expect(reader.eventsOf(over.turnId)).toEqual([text("g"), COMPLETED]);
    expect(reader.eventsOf(overWhole.turnId)).toEqual([]);
    expect(reader.eventsOf(overUnnamed.turnId)).toEqual([]);
  });

  it("ignores unknown and foreign turns and numbers that are ahead", async () => {
    const { log } = await start();
    const foreignRunning = await running(log, ["a"], { userId: "user-b" });
    const foreignEnded = await ended(log, ["b"], { userId: "user-b" });
    const own = await running(log, ["c"]);
    const reader = new RecordingReader();
    const cursors = new Map([
      [uuid(), 0],
      [foreignRunning.turnId, 0],
      [foreignEnded.turnId, 0],
      [own.turnId, 7],
    ]);
    await log.attachUser("user-a", cursors, reader);
    await log.append(foreignRunning.turnId, [text("d")]);
    expect(reader.batches).toEqual([]);
  });

  it("gets batches of all turns in the order of their commits", async () => {
    const { log } = await start();
    const turns = await Promise.all(Array.from({ length: 5 }, () => claimed(log)));
    const reader = new RecordingReader();
    await log.attachUser("user-a", new Map(), reader);
    const order: string[] = [];
    for (let round = 0; round < 20; round++) {
      const turnId = turns[(round * 3) % turns.length]?.turnId ?? "";
      order.push(turnId);
      await log.append(turnId, [text(`${round}`)]);
    }
    expect(reader.batches.map((batch) => batch.turnId)).toEqual(order);
    expect(reader.batches.flatMap((batch) => batch.events)).toEqual(
      order.map((_, round) => JSON.stringify(text(`${round}`))),
    );
  });

  it("gets nothing more once it is detached", async () => {
    const { log } = await start();
    const { turnId } = await claimed(log);
    const reader = new RecordingReader();
    const { detach } = await log.attachUser("user-a", new Map(), reader);
    await log.append(turnId, [text("a")]);
    detach();
    detach();
    await log.append(turnId, [text("b")]);
    expect(reader.eventsOf(turnId)).toEqual([text("a")]);
  });
}
