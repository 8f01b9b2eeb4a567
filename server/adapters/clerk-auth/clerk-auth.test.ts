import { createPublicKey } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createSigningKey,
  ISSUER,
  PARTY,
  type SigningKey,
  sessionClaims,
  unsafeToken,
} from "../../../tests/fixtures/clerk-issuer.ts";
import type { TokenVerifier } from "../../ports/token-verifier.ts";
import { createClerkAuth } from "./index.ts";

const NOW = 1_800_000_000;
const FIREFOX = "moz-extension://1b671a64-40d5-491e-99b0-da01ff1f3341";

let key: SigningKey;
let verifier: TokenVerifier;
beforeAll(async () => {
  key = await createSigningKey("key_1");
  verifier = await createClerkAuth({
    issuer: ISSUER,
    key: createPublicKey(key.pem),
    authorizedParties: [PARTY, "moz-extension://*"],
    now: () => NOW * 1_000,
  });
});

const good = { exp: NOW + 60, iat: NOW, nbf: NOW - 10 };
const verify = async (changes: Record<string, unknown>) =>
  verifier.verify(await key.sign(sessionClaims({ ...good, ...changes })));

describe("the claims of a token", () => {
  it("name the user and the end", async () => {
    expect(await verify({})).toEqual({ ok: true, user: { id: "user_1" }, expiresAt: (NOW + 60) * 1_000 });
  });

  it.each<[string, Record<string, unknown>]>([
    ["without nbf", { nbf: undefined }],
    ["without sts, as older tokens are", { sts: undefined }],
    ["that expired 4 s ago", { exp: NOW - 4 }],
    ["that begins and was issued in 5 s", { iat: NOW + 5, nbf: NOW + 5 }],
    ["with times in parts of seconds", { exp: NOW + 0.5, iat: NOW - 0.5 }],
    ["of an extension in Firefox", { azp: FIREFOX }],
  ])("let in one %s", async (_, changes) => {
    expect(await verify(changes)).toMatchObject({ ok: true });
  });

  it.each<[string, Record<string, unknown>]>([
    ["wrong_issuer", { iss: undefined }],
    ["wrong_issuer", { iss: `${ISSUER}/` }],
    ["wrong_issuer", { iss: [ISSUER] }],
    ["wrong_audience", { aud: ISSUER }],
    ["wrong_audience", { aud: [] }],
    ["wrong_audience", { aud: null }],
    ["missing_expiry", { exp: undefined }],
    ["missing_expiry", { exp: String(NOW + 60) }],
    ["expired_token", { exp: NOW - 5 }],
    ["expired_token", { exp: -1 }],
    ["not_yet_valid", { nbf: NOW + 6 }],
    ["malformed_token", { nbf: "now" }],
    ["missing_issue_time", { iat: undefined }],
    ["missing_issue_time", { iat: null }],
    ["issued_in_future", { iat: NOW + 6 }],
    ["missing_subject", { sub: undefined }],
    ["missing_subject", { sub: "" }],
    ["missing_subject", { sub: { id: "user_1" } }],
    ["missing_session", { sid: undefined }],
    ["missing_session", { sid: 7 }],
    ["missing_authorized_party", { azp: undefined }],
    ["missing_authorized_party", { azp: "" }],
    ["wrong_authorized_party", { azp: "https://evil.example" }],
    ["wrong_authorized_party", { azp: `${PARTY}/` }],
    ["wrong_authorized_party", { azp: "moz-extension://*" }],
    ["wrong_authorized_party", { azp: `${FIREFOX}.evil.example` }],
    ["wrong_authorized_party", { azp: `https://evil.example/${FIREFOX}` }],
    ["pending_session", { sts: "pending" }],
    ["pending_session", { sts: "revoked" }],
  ])("give %s for %j", async (reason, changes) => {
    expect(await verify(changes)).toEqual({ ok: false, reason });
  });
});

describe("the form of a token", () => {
  const claims = () => sessionClaims(good);

  it.each<[string, string, () => string | Promise<string>]>([
    ["malformed_token", "five parts", () => "a.b.c.d.e"],
    ["malformed_token", "a header that is no JSON", () => "eyJ.e30.x"],
    ["malformed_token", "a header that is a list", () => unsafeToken([], claims(), "x")],
    ["malformed_token", "no alg", () => unsafeToken({ typ: "JWT" }, claims(), "x")],
    ["malformed_token", "a kid that is no text", () => unsafeToken({ alg: "RS256", kid: {} }, claims(), "x")],
    ["malformed_token", "claims that are a text", () => unsafeToken({ alg: "RS256" }, "claims", "x")],
    ["malformed_token", "something critical", () => key.sign(claims(), { crit: ["b64"], b64: true })],
    ["malformed_token", "more than 8 KB, well signed", () => key.sign({ ...claims(), more: "x".repeat(8_192) })],
    ["unsigned_token", "alg none", () => unsafeToken({ alg: "none" }, claims())],
    ["unsigned_token", "alg nOnE", () => unsafeToken({ alg: "nOnE" }, claims())],
    ["wrong_algorithm", "alg RS512", () => unsafeToken({ alg: "RS512", kid: "key_1" }, claims(), "x")],
    ["wrong_algorithm", "alg rs256", () => unsafeToken({ alg: "rs256", kid: "key_1" }, claims(), "x")],
    ["bad_signature", "no signature", () => unsafeToken({ alg: "RS256", kid: "key_1" }, claims())],
    ["bad_signature", "another signature", () => unsafeToken({ alg: "RS256", kid: "key_1" }, claims(), "eHh4")],
  ])("gives %s for %s", async (reason, _, token) => {
    expect(await verifier.verify(await token())).toEqual({ ok: false, reason });
  });
});
