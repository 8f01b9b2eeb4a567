import { decodeJwt } from "jose";
import { beforeAll } from "vitest";
import { createClerkAuth } from "../../server/adapters/clerk-auth/index.ts";
import { clerkConfigOf } from "../../server/clerk-config.ts";
import { describeTokenVerifier } from "../../server/ports/token-verifier.contract.ts";
import type { TokenVerifier } from "../../server/ports/token-verifier.ts";
import { liveConfig } from "./live-config.ts";

const clerk = clerkConfigOf(liveConfig("CLERK_"));
const token = process.env.CLERK_TEST_TOKEN ?? "";
if (clerk === undefined) throw new Error("The variables of Clerk are not set: npm test -- live-clerk");

let verifier: TokenVerifier;
beforeAll(async () => {
  verifier = await createClerkAuth(clerk);
  const verified = await verifier.verify(token);
  if (verified.ok) return;
  const isOld = verified.reason === "expired_token";
  const next = isOld ? "it lives for a minute, so take a new one" : "it does not go with the other variables";
  throw new Error(`CLERK_TEST_TOKEN is refused (${verified.reason}): ${next}.`);
});

describeTokenVerifier("A real Clerk instance", async () => ({ verifier, token, userId: decodeJwt(token).sub ?? "" }));
