import { afterEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../api/clock.ts";
import type { StorageArea } from "./client-storage.ts";
import { createKeptToken } from "./kept-token.ts";

const NOW = 1_800_000_000_000;
let passed = 0;
const clock: Clock = { ...systemClock, now: () => NOW + passed };
afterEach(() => {
  passed = 0;
});

describe("the kept token", () => {
  it.each([
    ["of the person, with 11 s left", token({ sub: "user_a", life: 11 }), true],
    ["with 10 s left", token({ sub: "user_a", life: 10 }), false],
    ["of somebody else", token({ sub: "user_b", life: 60 }), false],
    ["without an expiry", token({ sub: "user_a" }), false],
    ["that is none", "no.token.at.all", false],
    ["with a body of something else", "a.bm90IGpzb24.c", false],
  ])("hands out one %s: %#", async (_, kept, good) => {
    const keep = createKeptToken({ session: area(), clock });
    await keep.keep(kept);
    expect(await keep.read("user_a")).toBe(good ? kept : undefined);
  });

  it.each([
    ["right", 0],
    ["two hours behind", 7_200],
    ["two hours ahead", -7_200],
  ])("lives as long on a device whose clock is %s as Clerk says", async (_, madeAt) => {
    const session = area();
    const kept = token({ sub: "user_a", life: 60, madeAt });
    await createKeptToken({ session, clock }).keep(kept);
    const next = createKeptToken({ session, clock });
    passed = 49_000;
    expect(await next.read("user_a")).toBe(kept);
    passed = 50_000;
    expect(await next.read("user_a")).toBeUndefined();
  });

  it("is not good when the device's clock was put back since", async () => {
    const keep = createKeptToken({ session: area(), clock });
    await keep.keep(token({ sub: "user_a", life: 60 }));
    passed = -1_000;
    expect(await keep.read("user_a")).toBeUndefined();
  });

  it("outlives the worker in the browser's own storage until it is dropped", async () => {
    const session = area();
    const kept = token({ sub: "user_a", life: 60 });
    await createKeptToken({ session, clock }).keep(kept);
    const next = createKeptToken({ session, clock });
    expect(await next.read("user_a")).toBe(kept);
    await next.drop();
    expect(await next.read("user_a")).toBeUndefined();
    expect(await createKeptToken({ session, clock }).read("user_a")).toBeUndefined();
  });

  it("is in memory where the browser has no such storage", async () => {
    const keep = createKeptToken({ clock });
    const kept = token({ sub: "user_ä", life: 60 });
    await keep.keep(kept);
    expect(await keep.read("user_a")).toBeUndefined();
    await keep.keep(token({ sub: "user_a", life: 60 }));
    expect(await keep.read("user_a")).toMatch(/^h\./);
  });
});

/** `madeAt`: by Clerk's clock, in seconds beyond that of the device; `life` in seconds. */
function token({ sub, life, madeAt = 0 }: { sub: string; life?: number; madeAt?: number }): string {
  const iat = NOW / 1_000 + madeAt;
  const claims = { sub, iat, ...(life !== undefined && { exp: iat + life }) };
  return `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;
}

function area(): StorageArea {
  const items = new Map<string, unknown>();
  return {
    get: async (keys) => Object.fromEntries([...items].filter(([key]) => keys.includes(key))),
    set: async (changes) => {
      for (const [key, value] of Object.entries(changes)) items.set(key, value);
    },
    remove: async (keys) => {
      for (const key of keys) items.delete(key);
    },
  };
}
