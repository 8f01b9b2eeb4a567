import type { CreateClient } from "../api/client.ts";
import type { SettingsStore } from "../settings.ts";

export type PairRequest = {
  serverUrl: string;
  /** What the server printed at its start. */
  code: string;
};

/**
 * Local pairing: trades the code for a token and keeps both server and token in the settings, from where the keeper
 * takes them. Fails with ApiError (`bad_request` or `forbidden`: a wrong code, `rate_limited`) or UnreachableError.
 */
export async function pairWithServer(
  { serverUrl, code }: PairRequest,
  { settings, createClient }: { settings: SettingsStore; createClient: CreateClient },
): Promise<void> {
  const baseUrl = new URL(serverUrl).origin;
  const anonymous = createClient({ baseUrl, getToken: async () => undefined });
  const { token } = await anonymous.pair(code.trim());
  const { user } = await createClient({ baseUrl, getToken: async () => token }).session();
  await settings.save({ serverUrl: baseUrl, token, account: { serverUrl: baseUrl, token, userId: user.id } });
}
