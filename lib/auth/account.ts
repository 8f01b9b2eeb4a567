import type { CreateClient } from "../api/client.ts";
import type { GetToken } from "../api/request-json.ts";
import type { Settings, SettingsStore } from "../settings.ts";

/** Whose history it is, and how the server is asked for it. */
export type Account = {
  serverUrl: string;
  userId: string;
  /** Where there is an account of a sign-in service. */
  email?: string | undefined;
  getToken: GetToken;
};

/**
 * The account of a paired token. It is known from the settings or asked of the server and then kept there, so that the
 * cache can be opened offline. Fails as the API does.
 */
export async function accountOf(
  { serverUrl, token, account }: Settings & { token: string },
  { settings, createClient, signal }: { settings: SettingsStore; createClient: CreateClient; signal: AbortSignal },
): Promise<Account> {
  const getToken = async () => token;
  if (account?.serverUrl === serverUrl && account.token === token) {
    return { serverUrl, userId: account.userId, getToken };
  }
  const { user } = await createClient({ baseUrl: serverUrl, getToken }).session(signal);
  await settings.save({ account: { serverUrl, token, userId: user.id } });
  return { serverUrl, userId: user.id, getToken };
}
