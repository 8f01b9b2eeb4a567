import type { CreateClient } from "../api/client.ts";
import type { Settings, SettingsStore } from "../settings.ts";

/** Whose history it is, and how the server is asked for it. */
export type Account = { serverUrl: string; token: string; userId: string };

/**
 * The account of a token. It is known from the settings or asked of the server and then kept there, so that the cache
 * can be opened offline. Fails as the API does.
 */
export async function accountOf(
  { serverUrl, token, account }: Settings & { token: string },
  { settings, createClient, signal }: { settings: SettingsStore; createClient: CreateClient; signal: AbortSignal },
): Promise<Account> {
  if (account?.serverUrl === serverUrl && account.token === token) return account;
  const { user } = await createClient({ baseUrl: serverUrl, getToken: async () => token }).session(signal);
  const found = { serverUrl, token, userId: user.id };
  await settings.save({ account: found });
  return found;
}
