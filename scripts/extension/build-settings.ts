import { readPublishableKey } from "../../lib/auth/clerk/publishable-key.ts";
import { mayGetToken } from "../../lib/auth/token-address.ts";

/** What the environment (or .env) decides when the extension is built. */
export type BuildSettings = {
  /** With one, people sign in with accounts. */
  publishableKey?: string;
  /** Host of the Frontend API of Clerk. */
  clerkHost?: string;
  /** Origin of the server that a new installation begins with. */
  serverOrigin?: string;
  /** Google is offered beside the other ways to sign in. */
  hasGoogle: boolean;
};

/**
 * Reads WXT_CLERK_PUBLISHABLE_KEY, WXT_SERVER_URL and WXT_GOOGLE_SIGN_IN, where `none` means that there is none, also when
 * .env has one. Fails when one is malformed: a build that cannot work must not come about.
 */
export function readBuildSettings(env: Readonly<Record<string, string | undefined>>): BuildSettings {
  const key = given(env.WXT_CLERK_PUBLISHABLE_KEY);
  const server = given(env.WXT_SERVER_URL);
  const hasGoogle = given(env.WXT_GOOGLE_SIGN_IN) === "true";
  if (hasGoogle && !key) throw new Error("WXT_GOOGLE_SIGN_IN needs WXT_CLERK_PUBLISHABLE_KEY beside it.");
  if (key && server && !mayGetToken(server)) {
    throw new Error(`WXT_SERVER_URL must be an https: address (http: on loopback only) with accounts: ${server}`);
  }
  return {
    ...(key && { publishableKey: key, clerkHost: new URL(`https://${readPublishableKey(key).frontendApi}`).hostname }),
    ...(server && { serverOrigin: originOf(server) }),
    hasGoogle,
  };
}

/** The settings as constants of the code, so that what they leave out is not in the build. */
export function buildConstants({ publishableKey, serverOrigin, hasGoogle }: BuildSettings): Record<string, string> {
  return {
    "import.meta.env.WXT_CLERK_PUBLISHABLE_KEY": JSON.stringify(publishableKey ?? ""),
    "import.meta.env.WXT_SERVER_URL": JSON.stringify(serverOrigin ?? ""),
    "import.meta.env.WXT_GOOGLE_SIGN_IN": JSON.stringify(hasGoogle),
  };
}

function given(value: string | undefined): string | undefined {
  return value === "" || value === "none" ? undefined : value;
}

function originOf(server: string): string {
  const url = URL.parse(server);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error(`WXT_SERVER_URL is not the address of a server: ${server}`);
  }
  return url.origin;
}
