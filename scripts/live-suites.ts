import type { Environment } from "../server/config.ts";

/** A suite that a person runs against a real service, with an account of their own. */
export type LiveSuite = {
  title: string;
  file: string;
  /** The variables that it needs, each with the ones that stand for it as well. */
  needs: readonly (readonly string[])[];
  /** Where they are found. */
  hint: string;
};

export const LIVE_SUITES: Readonly<Record<string, LiveSuite>> = {
  "live-convex": {
    title: "The store contract at a real Convex deployment",
    file: "tests/live/convex-store.test.ts",
    needs: [["CONVEX_URL"], ["CONVEX_DEPLOY_KEY"]],
    hint: "both are in the deployment's settings in the Convex dashboard, and `npx convex deploy` comes first",
  },
  "live-clerk": {
    title: "The token contract with a real Clerk instance",
    file: "tests/live/clerk-tokens.test.ts",
    needs: [["CLERK_ISSUER"], ["CLERK_JWKS_URL", "CLERK_JWT_KEY"], ["CLERK_AUTHORIZED_PARTIES"], ["CLERK_TEST_TOKEN"]],
    hint: "the first three as for the server, and as the last one a session token, which lives for a minute: sign in and run `await Clerk.session.getToken()` in the console of the page",
  },
};

/** One sentence that says what to set before the suite can run; undefined when all is there. */
export function missingFor({ needs, hint }: LiveSuite, environment: Environment): string | undefined {
  const missing = needs.filter((names) => names.every((name) => !environment[name]?.trim()));
  if (missing.length === 0) return undefined;
  return `Set ${missing.map((names) => names.join(" or ")).join(", ")} and run it again (${hint}).`;
}
