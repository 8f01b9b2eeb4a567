import type { Identity } from "../../lib/auth/identity.ts";
import type { SettingsStore } from "../../lib/settings.ts";

export type IdentityDeps = { settings: SettingsStore; fetch: typeof fetch; onFault(error: unknown): void };

/** Signing in with accounts, where the build has a key of Clerk. */
export function createIdentity(_deps: IdentityDeps): Identity | undefined {
  return undefined;
}
