import { browser } from "wxt/browser";
import { systemClock } from "../../lib/api/clock.ts";
import { createClerkIdentity } from "../../lib/auth/clerk/clerk-identity.ts";
import { browserWebAuth } from "../../lib/auth/clerk/web-auth.ts";
import type { Identity } from "../../lib/auth/identity.ts";
import type { SettingsStore } from "../../lib/settings.ts";

export type IdentityDeps = { settings: SettingsStore; fetch: typeof fetch; onFault(error: unknown): void };

/** Signing in with accounts, where the build has a key of Clerk. Without one nothing of Clerk is in the build at all. */
export function createIdentity({ settings, fetch, onFault }: IdentityDeps): Identity | undefined {
  if (!import.meta.env.WXT_CLERK_PUBLISHABLE_KEY) return undefined;
  return createClerkIdentity({
    publishableKey: import.meta.env.WXT_CLERK_PUBLISHABLE_KEY,
    settings,
    storage: browser.storage,
    fetch,
    clock: systemClock,
    webAuth: import.meta.env.WXT_GOOGLE_SIGN_IN ? browserWebAuth() : undefined,
    onFault,
  });
}
