import type { CreateClient } from "../api/client.ts";
import { ApiError } from "../protocol/errors.ts";
import type { ServerConfig } from "../protocol/responses.ts";
import { mayGetToken } from "./token-address.ts";

/** How a build lets people in: `local` pairs with a code, `clerk` signs in with an account. */
export type AuthKind = ServerConfig["auth"];

/**
 * Asks a server how it lets people in. Resolves with what is wrong for a build of that kind, as a sentence for the
 * person; with undefined when they fit. A server that does not answer is wrong too.
 */
export async function checkServer(
  serverUrl: string,
  { kind, createClient, signal }: { kind: AuthKind; createClient: CreateClient; signal?: AbortSignal },
): Promise<string | undefined> {
  if (kind === "clerk" && !mayGetToken(serverUrl)) return UNSAFE;
  try {
    const { auth } = await createClient({ baseUrl: serverUrl, getToken: async () => undefined }).config(signal);
    return auth === kind ? undefined : MISFITS[auth];
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : "The server cannot be reached.";
    // A refusal says itself what is wrong; without an answer the address or the server is.
    return error instanceof ApiError ? reason : `${reason} Check the address, and that it runs.`;
  }
}

const UNSAFE =
  "With an account the address must begin with https: (http: is for this computer only). Your session goes to the server " +
  "with every request, and whoever could read it on its way could act as you.";

/** By what the server is. */
const MISFITS: Readonly<Record<AuthKind, string>> = {
  local:
    "This server has no accounts: it pairs with a code. Start it with CLERK_ISSUER and its keys, or use the build of " +
    "Sidestream that pairs.",
  clerk:
    "This server signs people in with accounts, and this build of Sidestream pairs with a code. Build it with " +
    "WXT_CLERK_PUBLISHABLE_KEY, or use another server.",
};
