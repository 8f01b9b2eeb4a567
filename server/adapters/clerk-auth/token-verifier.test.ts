import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import {
  createSigningKey,
  ISSUER,
  type KeyServer,
  PARTY,
  type SigningKey,
  sessionClaims,
  startKeyServer,
} from "../../../tests/fixtures/clerk-issuer.ts";
import { describeTokenVerifier } from "../../ports/token-verifier.contract.ts";
import { createClerkAuth } from "./index.ts";

let key: SigningKey;
let keyServer: KeyServer;
beforeAll(async () => {
  key = await createSigningKey("key_1");
  keyServer = await startKeyServer([key.jwk]);
});
afterAll(() => keyServer.close());

const options = { issuer: ISSUER, authorizedParties: [PARTY] };
const openWith = async (from: URL | ReturnType<typeof createPublicKey>) => ({
  verifier: await createClerkAuth({ ...options, key: from }),
  token: await key.sign(sessionClaims({ sub: "user_7" })),
  userId: "user_7",
});

describeTokenVerifier("Clerk with a key", () => openWith(createPublicKey(key.pem)));
describeTokenVerifier("Clerk with an address of keys", () => openWith(new URL(keyServer.url)));
