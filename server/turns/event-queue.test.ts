import { expect, it } from "vitest";
import type { TurnEvent } from "../../lib/protocol/events.ts";
import { createEventQueue } from "./event-queue.ts";

const needed = (callId: string): TurnEvent => ({ type: "approval-needed", callId });

it("gives what has gathered as one batch, in order, and ends after the last", async () => {
  const queue = createEventQueue();
  queue.push(needed("1"));
  queue.push(needed("2"));
  const reader = queue[Symbol.asyncIterator]();
  expect((await reader.next()).value).toEqual([needed("1"), needed("2")]);
  const next = reader.next();
  queue.push(needed("3"));
  queue.end();
  expect((await next).value).toEqual([needed("3")]);
  expect((await reader.next()).done).toBe(true);
});

it("throws the error behind the events that came before it, the first error only", async () => {
  const queue = createEventQueue();
  queue.push(needed("1"));
  queue.end(new Error("first"));
  queue.end(new Error("second"));
  const reader = queue[Symbol.asyncIterator]();
  expect((await reader.next()).value).toEqual([needed("1")]);
  await expect(reader.next()).rejects.toThrow("first");
});

it("ends when nothing ever came", async () => {
  const queue = createEventQueue();
  const next = queue[Symbol.asyncIterator]().next();
  queue.end();
  expect((await next).done).toBe(true);
});
