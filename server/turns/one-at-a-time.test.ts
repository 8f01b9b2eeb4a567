import { expect, it } from "vitest";
import { createOneAtATime } from "./one-at-a-time.ts";

it("lets the tasks of a key wait for each other, also for one that fails, and those of another key not", async () => {
  const oneAtATime = createOneAtATime();
  const gate = Promise.withResolvers<void>();
  const ran: string[] = [];
  const first = oneAtATime("a", async () => {
    await gate.promise;
    ran.push("first");
    throw new Error("failed");
  });
  const second = oneAtATime("a", async () => ran.push("second"));
  const third = oneAtATime("a", async () => ran.push("third"));
  await oneAtATime("b", async () => ran.push("other"));
  gate.resolve();
  await expect(first).rejects.toThrow("failed");
  await Promise.all([second, third]);
  expect(ran).toEqual(["other", "first", "second", "third"]);
});
