import * as z from "zod";
import type { SettingsStorage } from "../../settings.ts";

export type StorageArea = SettingsStorage["local"];

/** Clerk's own key in the storage, beside the settings: the token of this browser's client. */
const CLIENT_KEY = "clerkClient";

/**
 * Where Clerk keeps the token of this browser's client. Its own cache would do but for two things: an answer that comes
 * after the sign-out may not write it back, and with development keys Clerk drops it at every answer that lacks a header,
 * which a failing proxy's answer does.
 */
export function createClientStorage(area: StorageArea) {
  let isClosed = false;
  let known: Promise<string | undefined> | undefined;

  const read = () => {
    known ??= area
      .get([CLIENT_KEY])
      .then((items) => z.string().min(1).optional().catch(undefined).parse(items[CLIENT_KEY]));
    return known;
  };

  async function set(_key: string, value: string): Promise<void> {
    if (isClosed || value === (await read())) return;
    known = Promise.resolve(value);
    await area.set({ [CLIENT_KEY]: value });
  }

  return {
    read,
    save: (token: string) => set(CLIENT_KEY, token),
    /** Forgets a token that Clerk no longer takes. */
    async drop(): Promise<void> {
      known = undefined;
      await area.remove([CLIENT_KEY]);
    },
    /** Removes the token for good, and gives it: signing out needs it once more. Nothing is written from here on. */
    async close(): Promise<string | undefined> {
      const last = await read();
      isClosed = true;
      await area.remove([CLIENT_KEY]);
      return last;
    },
    /** What is handed to Clerk. */
    cache: {
      createKey: () => CLIENT_KEY,
      // Clerk names the type of what it stored here itself.
      get: async () => z.any().parse(await read()),
      set,
      remove: async () => undefined,
    },
  };
}
