import { type CreateClient, createApiClient } from "../../lib/api/client.ts";
import { followFeed } from "../../lib/api/feed.ts";
import { UnreachableError } from "../../lib/api/unreachable.ts";
import { accountOf } from "../../lib/auth/account.ts";
import { checkServer } from "../../lib/auth/check-server.ts";
import { pairWithServer } from "../../lib/auth/pair.ts";
import { isSignInUnreachable, signInRefusal } from "../../lib/auth/sign-in-refusal.ts";
import type { ServerAccess } from "../../lib/keeper/keeper.ts";

/** The ways to a server, over this `fetch`. */
export function serverAccess(fetch: typeof globalThis.fetch): ServerAccess {
  const createClient: CreateClient = (access) => createApiClient({ ...access, fetch });
  return {
    fetch,
    createClient,
    followFeed,
    accountOf,
    pair: pairWithServer,
    checkServer: (serverUrl, kind, signal) => checkServer(serverUrl, { kind, createClient, signal }),
    isUnreachable: (error) => error instanceof UnreachableError,
    isSignInUnreachable,
    signInRefusal,
  };
}
