import { describe, expect, it } from "vitest";
import { createSettings, DEFAULT_SERVER_URL, type Settings, type SettingsStorage } from "./settings.ts";

describe("the settings", () => {
  it("begin with the default server and no token", async () => {
    expect(await createSettings(storage({})).read()).toEqual({ serverUrl: DEFAULT_SERVER_URL });
    const ours = { serverUrl: "https://sidestream.example" };
    expect(await createSettings(storage({}), ours).read()).toEqual(ours);
  });

  it("take what `npm start` writes", async () => {
    const written = { serverUrl: "http://127.0.0.1:9999", token: "secret" };
    expect(await createSettings(storage(written)).read()).toEqual(written);
  });

  it("count a value of another form as absent", async () => {
    const broken = { serverUrl: "javascript:alert(1)", token: 7, model: "", account: {}, person: "me", signInStep: 1 };
    expect(await createSettings(storage(broken)).read()).toEqual({ serverUrl: DEFAULT_SERVER_URL });
  });

  it("remove what is set to undefined and tell of each change until the watch ends", async () => {
    const settings = createSettings(storage({ token: "old" }));
    const seen: Settings[] = [];
    const end = settings.watch((now) => void seen.push(now));
    await settings.save({ token: undefined, model: "demo" });
    await expect.poll(() => seen.at(-1)).toEqual({ serverUrl: DEFAULT_SERVER_URL, model: "demo" });
    end();
    const count = seen.length;
    await settings.save({ model: "other" });
    expect(await settings.read()).toMatchObject({ model: "other" });
    expect(seen).toHaveLength(count);
  });
});

function storage(items: Record<string, unknown>): SettingsStorage {
  const listeners = new Set<(changes: Record<string, unknown>, area: string) => void>();
  const tell = (keys: string[]) => {
    const changes = Object.fromEntries(keys.map((key) => [key, {}]));
    for (const listener of listeners) listener(changes, "local");
  };
  return {
    local: {
      get: async (keys) => Object.fromEntries(Object.entries(items).filter(([key]) => keys.includes(key))),
      async set(changes) {
        Object.assign(items, changes);
        tell(Object.keys(changes));
      },
      async remove(keys) {
        for (const key of keys) delete items[key];
        tell(keys);
      },
    },
    onChanged: {
      addListener: (listener) => void listeners.add(listener),
      removeListener: (listener) => void listeners.delete(listener),
    },
  };
}
