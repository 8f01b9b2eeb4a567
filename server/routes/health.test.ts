import { pino } from "pino";
import { expect, it } from "vitest";
import { healthRoutes } from "./health.ts";

it("checks once for all who ask at the same time, and again for who asks later", async () => {
  let calls = 0;
  let gate = Promise.withResolvers<void>();
  const routes = healthRoutes({
    checks: {
      store: () => {
        calls += 1;
        return gate.promise;
      },
    },
    isClosing: () => false,
    metrics: async () => "",
    mayReadMetrics: () => false,
    logger: pino({ level: "silent" }),
  });
  const ask = async () => (await routes.request("/ready")).status;

  const asked = Array.from({ length: 20 }, ask);
  await expect.poll(() => calls).toBe(1);
  gate.resolve();
  expect(await Promise.all(asked)).toEqual(Array(20).fill(200));
  expect(calls).toBe(1);

  gate = Promise.withResolvers();
  gate.reject(new Error("down"));
  expect(await ask()).toBe(503);
  expect(calls).toBe(2);
});
