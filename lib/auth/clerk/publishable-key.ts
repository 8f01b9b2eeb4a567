export type PublishableKey = {
  key: string;
  /** Host, and port if any, of Clerk's Frontend API; it speaks https only. */
  frontendApi: string;
  isProduction: boolean;
};

/** Reads what Clerk's dashboard calls the publishable key. Fails when it is none, which is a fault of the build. */
export function readPublishableKey(key: string): PublishableKey {
  const [, kind, encoded] = /^pk_(test|live)_([A-Za-z0-9+/=]+)$/.exec(key) ?? [];
  const decoded = encoded === undefined ? "" : atob(encoded);
  if (!/^[^$/]+\.[^$/]+\$$/.test(decoded)) {
    throw new Error("WXT_CLERK_PUBLISHABLE_KEY is not a publishable key of Clerk (pk_test_… or pk_live_…).");
  }
  return { key, frontendApi: decoded.slice(0, -1), isProduction: kind === "live" };
}
