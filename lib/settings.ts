import * as z from "zod";

export const DEFAULT_SERVER_URL = "http://127.0.0.1:8787";

const serverUrlSchema = z.url({ protocol: /^https?$/ });

/**
 * What the extension keeps in `storage.local`, one key for each setting; nothing else is kept there. `npm start` pairs a
 * fresh profile by writing `serverUrl` and `token` here before the panel is opened, so these two names and forms are a
 * contract with scripts/: `storage.local.set({ serverUrl: "http://127.0.0.1:8787", token: "…" })`.
 *
 * A value that does not have its form counts as absent, because a person or an older version may have written it.
 */
const settingsSchema = z.object({
  /** Where the server listens, without a path. */
  serverUrl: serverUrlSchema,
  /** The bearer token that pairing gave. */
  token: z.string().min(1).optional().catch(undefined),
  /** Whose token it is, so that the right cache is opened while the server cannot be reached. */
  account: z.object({ serverUrl: z.string(), token: z.string(), userId: z.string() }).optional().catch(undefined),
  /** Who is signed in with an account, so that it is known while nothing can be reached. */
  person: z
    .object({ userId: z.string().min(1), email: z.string().optional() })
    .optional()
    .catch(undefined),
  /** The mailed code that signing in waits for, so that it goes on in a panel or a worker that was started since, until that time. */
  signInStep: z
    .object({ email: z.string(), purpose: z.enum(["sign-in", "sign-up"]), until: z.number() })
    .optional()
    .catch(undefined),
  /** The model that was chosen when that belonged to the device; it moves to the person's settings and is removed. */
  model: z.string().min(1).optional().catch(undefined),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What is used of `browser.storage`. */
export type SettingsStorage = {
  local: {
    get(keys: string[]): Promise<Record<string, unknown>>;
    set(items: Record<string, unknown>): Promise<void>;
    remove(keys: string[]): Promise<void>;
  };
  onChanged: {
    addListener(listener: (changes: Record<string, unknown>, area: string) => void): void;
    removeListener(listener: (changes: Record<string, unknown>, area: string) => void): void;
  };
};

export type SettingsStore = ReturnType<typeof createSettings>;

/** The settings in the extension's storage, shared by background and panels. `serverUrl`: while none was chosen. */
export function createSettings(storage: SettingsStorage, { serverUrl = DEFAULT_SERVER_URL } = {}) {
  const keys = Object.keys(settingsSchema.shape);

  async function read(): Promise<Settings> {
    const kept = await storage.local.get(keys);
    return settingsSchema.parse({ ...kept, serverUrl: serverUrlSchema.catch(serverUrl).parse(kept.serverUrl) });
  }

  /** Writes the given settings in one step; `undefined` removes one. */
  async function save(changes: Partial<Settings>): Promise<void> {
    const entries = Object.entries(changes);
    const removed = entries.filter(([, value]) => value === undefined).map(([key]) => key);
    if (removed.length > 0) await storage.local.remove(removed);
    await storage.local.set(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  }

  /** Calls back with all settings after each change of one, wherever it was made. Returns the end of it. */
  function watch(onChange: (settings: Settings) => void): () => void {
    const listener = (changes: Record<string, unknown>, area: string) => {
      if (area === "local" && keys.some((key) => key in changes)) void read().then(onChange);
    };
    storage.onChanged.addListener(listener);
    return () => storage.onChanged.removeListener(listener);
  }

  return { read, save, watch };
}
