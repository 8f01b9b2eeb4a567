import { CompactSign } from "jose";
import { v7 as uuid } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorBodySchema } from "../../lib/protocol/errors.ts";
import { type ApiAnswer, apiCall } from "../fixtures/api-call.ts";
import {
  createSigningKey,
  ISSUER,
  type KeyServer,
  type SigningKey,
  sessionClaims,
  startKeyServer,
  unsafeToken,
} from "../fixtures/clerk-issuer.ts";
import { type ClerkRig, startClerkRig } from "../fixtures/clerk-server.ts";
import { errorOf } from "../fixtures/error-of.ts";
import { routesOfApp } from "../fixtures/routes-of-app.ts";
import { startTestServer, type TestServer } from "../fixtures/test-server.ts";

let rig: ClerkRig;
/** The attacker's: a key that calls itself by the issuer's name, and a server that offers it to whoever asks. */
let forged: SigningKey;
let bait: KeyServer;
const servers: Record<string, TestServer> = {};

beforeAll(async () => {
  rig = await startClerkRig();
  forged = await createSigningKey(rig.key.kid);
  bait = await startKeyServer([forged.jwk]);
  const { CLERK_JWKS_URL: _, ...rest } = rig.env;
  servers["an address of keys"] = await startTestServer({ env: rig.env });
  servers["a key"] = await startTestServer({ env: { ...rest, CLERK_JWT_KEY: rig.key.pem } });
});
afterAll(async () => {
  for (const server of Object.values(servers)) await server.close();
  rig.keyServer.close();
  bait.close();
});

const now = () => Math.floor(Date.now() / 1_000);
const signed = (changes: Record<string, unknown>, header: Record<string, unknown> = lures()) =>
  rig.key.sign(sessionClaims(changes), header);
/** Every way in which a token can say where its key is. */
const lures = () => ({ jku: bait.url, x5u: bait.url, jwk: forged.jwk });

const TOKENS: [reason: string, what: string, token: () => string | Promise<string>][] = [
  ["no_token", "nothing", () => ""],
  ["malformed_token", "10 KB of garbage", () => "x.".repeat(5_000)],
  ["malformed_token", "garbage in three parts", () => "eyJhbGciOi.x.y"],
  ["malformed_token", "a local token", () => "x".repeat(43)],
  ["unsigned_token", "alg none", () => unsafeToken({ alg: "none", ...lures() }, sessionClaims())],
  ["wrong_algorithm", "HS256 signed with the public key", () => signedWithPublicKey()],
  ["bad_signature", "another key with the same kid", () => forged.sign(sessionClaims(), lures())],
  ["bad_signature", "other claims under a good signature", () => changedToken()],
  ["wrong_issuer", "another issuer, which offers its keys", () => signed({ iss: new URL(bait.url).origin })],
  ["wrong_issuer", "the issuer's name with more behind it", () => signed({ iss: `${ISSUER}.evil.example` })],
  ["wrong_audience", "a token for another audience", () => signed({ aud: "https://other.example" })],
  ["expired_token", "an expired token", () => signed({ iat: now() - 120, nbf: now() - 120, exp: now() - 60 })],
  ["not_yet_valid", "a future nbf", () => signed({ nbf: now() + 60, exp: now() + 120 })],
  ["issued_in_future", "a future iat", () => signed({ iat: now() + 60, exp: now() + 120 })],
  ["missing_subject", "no sub", () => signed({ sub: undefined })],
  ["missing_session", "no sid", () => signed({ sid: undefined })],
  ["missing_expiry", "no exp", () => signed({ exp: undefined })],
  ["missing_issue_time", "no iat", () => signed({ iat: undefined })],
  ["missing_authorized_party", "no azp", () => signed({ azp: undefined })],
  ["wrong_authorized_party", "the azp of another site", () => signed({ azp: "https://evil.example" })],
  [
    "wrong_authorized_party",
    "the azp of another extension",
    () => signed({ azp: `chrome-extension://${"a".repeat(32)}` }),
  ],
  ["pending_session", "sts pending", () => signed({ sts: "pending" })],
];

describe.each(["an address of keys", "a key"])("a server with %s", (kind) => {
  const serverUrl = () => servers[kind]?.url ?? "";

  it("knows the person of a good token, wherever that says that its key is", async () => {
    const answer = await apiCall(`${serverUrl()}/api/session`, { token: await signed({ sub: "user_9" }) });
    expect(answer).toMatchObject({ status: 200, json: { user: { id: "user_9" } } });
    expect(bait.requests).toEqual([]);
  });

  it.each(TOKENS)("answers 401 %s to %s, and asks no address for it", async (reason, _, token) => {
    const answer = await apiCall(`${serverUrl()}/api/session`, { token: await token() });
    expect([errorOf(answer), reasonOf(answer)]).toEqual(["unauthorized", reason]);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.text).not.toContain("user_1");
    expect(bait.requests).toEqual([]);
  });

  it("lets nobody in by a bad token on any route", async () => {
    const adapters = servers[kind]?.adapters;
    const routes = adapters === undefined ? [] : routesOfApp(adapters);
    const guarded = routes.filter((route) => / \/api\//.test(route) && !/ \/api\/config$/.test(route));
    expect(guarded.length).toBeGreaterThan(12);
    const tokens = [await forged.sign(sessionClaims(), lures()), await signed({ exp: now() - 60 })];
    for (const route of guarded) {
      const [method = "", path = ""] = route.split(" ");
      const url = serverUrl() + path.replace(/:\w+/g, uuid());
      for (const token of tokens) {
        const body = method === "GET" ? undefined : {};
        expect(reasonOf(await apiCall(url, { method, token, body })), route).toMatch(/^(bad_signature|expired_token)$/);
      }
    }
  });
});

describe("a server with Clerk", () => {
  const url = () => servers["an address of keys"]?.url ?? "";

  it("says so, and pairs nobody", async () => {
    expect((await apiCall(`${url()}/api/config`)).json).toMatchObject({ auth: "clerk" });
    expect(errorOf(await apiCall(`${url()}/api/pair`, { method: "POST", body: { code: "AAAA-AAAA" } }))).toBe(
      "not_found",
    );
  });

  it("answers under every name, and still to no foreign origin", async () => {
    const headers = { host: "chat.example.org" };
    expect((await apiCall(`${url()}/health`, { headers })).status).toBe(200);
    const token = await rig.token();
    expect((await apiCall(`${url()}/api/session`, { token, headers })).status).toBe(200);
    const foreign = { ...headers, origin: "http://chat.example.org" };
    expect(errorOf(await apiCall(`${url()}/api/session`, { token, headers: foreign }))).toBe("forbidden");
  });

  it("tells no metrics without their token, also on loopback, where a proxy may stand", async () => {
    expect(errorOf(await apiCall(`${url()}/metrics`))).toBe("unauthorized");
  });

  it("follows the issuer to a new key without a restart, and asks for it by no other token", async () => {
    const next = await createSigningKey("key_2");
    rig.keyServer.serve([rig.key.jwk, next.jwk]);
    const asked = rig.keyServer.requests.length;
    for (const key of [next, rig.key]) {
      const token = await key.sign(sessionClaims());
      expect((await apiCall(`${url()}/api/session`, { token })).status).toBe(200);
    }
    expect(rig.keyServer.requests).toHaveLength(asked + 1);
    const unknown = await apiCall(`${url()}/api/session`, { token: await signed({}, { ...lures(), kid: "key_3" }) });
    expect(reasonOf(unknown)).toBe("unknown_key");
  });

  it("goes on while the keys cannot be fetched, and says 503 where it would need to", async () => {
    const own = await startKeyServer([rig.key.jwk]);
    const server = await startTestServer({ env: { ...rig.env, CLERK_JWKS_URL: own.url } });
    own.close();
    expect((await apiCall(`${server.url}/api/session`, { token: await rig.token() })).status).toBe(200);
    const unknown = await apiCall(`${server.url}/api/session`, {
      token: await signed({}, { ...lures(), kid: "key_4" }),
    });
    expect(errorOf(unknown)).toBe("unavailable");
    expect((await apiCall(`${server.url}/api/session`, { token: await rig.token() })).status).toBe(200);
    await server.close();
  });

  it("was never led to the bait, which works", async () => {
    expect(bait.requests).toEqual([]);
    expect((await fetch(bait.url)).status).toBe(200);
    expect(bait.requests).toHaveLength(1);
  });
});

function reasonOf(answer: ApiAnswer): string | undefined {
  expect(answer.status).toBe(401);
  return errorBodySchema.parse(answer.json).error.reason;
}

/** What a verifier takes that lets the token choose how it is checked. */
function signedWithPublicKey(): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(sessionClaims())))
    .setProtectedHeader({ alg: "HS256", kid: rig.key.kid })
    .sign(Buffer.from(rig.key.pem));
}

async function changedToken(): Promise<string> {
  const [head, , signature] = (await signed({})).split(".");
  const body = Buffer.from(JSON.stringify(sessionClaims({ sub: "admin" }))).toString("base64url");
  return [head, body, signature].join(".");
}
