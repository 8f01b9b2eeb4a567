import type { CreateClient } from "../api/client.ts";
import { ApiError } from "../protocol/errors.ts";
import type { SettingsStore } from "../settings.ts";
import { checkServer } from "./check-server.ts";

export type PairRequest = {
  serverUrl: string;
  /** What the server printed at its start. */
  code: string;
};

/**
 * Local pairing: trades the code for a token and keeps both server and token in the settings, from where the keeper
 * takes them. Fails with ApiError (`bad_request` or `unauthorized`: a wrong code, `rate_limited`, `not_found`: a server
 * with accounts) or UnreachableError.
 */
export async function pairWithServer(
  { serverUrl, code }: PairRequest,
  { settings, createClient }: { settings: SettingsStore; createClient: CreateClient },
): Promise<void> {
  const baseUrl = new URL(serverUrl).origin;
  const anonymous = createClient({ baseUrl, getToken: async () => undefined });
  const { token } = await anonymous.pair(code.trim()).catch(async (cause: unknown) => {
    // A server with accounts has no route to pair with.
    const isMissing = cause instanceof ApiError && cause.code === "not_found";
    const fault = isMissing ? await checkServer(baseUrl, { kind: "local", createClient }) : undefined;
    throw fault === undefined ? cause : new ApiError("not_found", fault, { cause });
  });
  const { user } = await createClient({ baseUrl, getToken: async () => token }).session();
  await settings.save({ serverUrl: baseUrl, token, account: { serverUrl: baseUrl, token, userId: user.id } });
}
