import { describe, expect, it } from "vitest";
import { createClientStorage, type StorageArea } from "./client-storage.ts";

describe("where Clerk keeps the token of its client", () => {
  it("keeps what Clerk says for the next worker", async () => {
    const area = memoryArea();
    const { cache, read } = createClientStorage(area);
    await cache.set(cache.createKey(), "token");
    expect(await read()).toBe("token");
    expect(await createClientStorage(area).read()).toBe("token");
  });

  it("gives the token once more at the sign-out, and an answer that comes later does not write one back", async () => {
    const area = memoryArea();
    const { cache, save, close } = createClientStorage(area);
    await save("token");
    expect(await close()).toBe("token");
    await cache.set(cache.createKey(), "late");
    await save("later");
    expect(area.items).toEqual({});
    expect(await createClientStorage(area).read()).toBeUndefined();
  });
});

function memoryArea(): StorageArea & { items: Record<string, unknown> } {
  const items: Record<string, unknown> = {};
  return {
    items,
    get: async (keys) => Object.fromEntries(Object.entries(items).filter(([key]) => keys.includes(key))),
    set: async (changes) => void Object.assign(items, changes),
    async remove(keys) {
      for (const key of keys) delete items[key];
    },
  };
}
