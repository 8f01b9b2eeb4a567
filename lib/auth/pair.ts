import { createApiClient } from "../api/client.ts";
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
  { settings, fetch }: { settings: SettingsStore; fetch: typeof globalThis.fetch },
): Promise<void> {
  const baseUrl = new URL(serverUrl).origin;
  const anonymous = createApiClient({ baseUrl, fetch, getToken: async () => undefined });
  const { token } = await anonymous.pair(code.trim());
  const { user } = await createApiClient({ baseUrl, fetch, getToken: async () => token }).session();
  await settings.save({ serverUrl: baseUrl, token, account: { serverUrl: baseUrl, token, userId: user.id } });
}
