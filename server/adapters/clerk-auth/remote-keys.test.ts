import type { ServerResponse } from "node:http";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createSigningKey,
  ISSUER,
  type KeyServer,
  PARTY,
  type SigningKey,
  sessionClaims,
  startKeyServer,
} from "../../../tests/fixtures/clerk-issuer.ts";
import type { TokenVerifier } from "../../ports/token-verifier.ts";
import { createClerkAuth } from "./index.ts";

const MAX_AGE = 300_000;
const COOLDOWN = 10_000;

let first: SigningKey;
let second: SigningKey;
beforeAll(async () => {
  [first, second] = await Promise.all([createSigningKey("key_1"), createSigningKey("key_2")]);
});

let keyServer: KeyServer;
let verifier: TokenVerifier;
let passed = 0;
let errors: unknown[] = [];
const start = async () => {
  passed = 0;
  errors = [];
  verifier = await createClerkAuth({
    issuer: ISSUER,
    key: new URL(keyServer.url),
    authorizedParties: [PARTY],
    now: () => Date.now() + passed,
    onError: (error) => errors.push(error),
  });
};
beforeEach(async () => {
  keyServer = await startKeyServer([first.jwk]);
  await start();
});
afterEach(() => keyServer.close());

/** "ok", the reason, or the code of the error. */
async function ask(key: SigningKey, header: Record<string, unknown> = {}): Promise<string> {
  const minute = Math.floor((Date.now() + passed) / 1_000);
  const token = await key.sign(sessionClaims({ iat: minute, nbf: minute, exp: minute + 60 }), header);
  const verified = await verifier
    .verify(token)
    .catch((error: unknown) => ({ ok: false as const, reason: codeOf(error) }));
  return verified.ok ? "ok" : verified.reason;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

describe("keys from an address", () => {
  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["an empty set", (response) => response.end('{"keys":[]}'), /has no RSA key for signatures with RS256$/],
    [
      "a page",
      (response) => response.end("<html>Hello</html>"),
      /: it answered with something else than a JSON Web Key/,
    ],
    ["a status", (response) => response.writeHead(404).end(), /: it answered with status 404$/],
    ["a redirect", (response) => response.writeHead(302, { location: "/" }).end(), /: it answered with status 302$/],
    ["too much", (response) => response.end("x".repeat(300_000)), /: it answered with more than 262144 bytes$/],
    ["a broken connection", (response) => response.destroy(), /: other side closed$/],
  ])("must be there at the start: %s is none", async (_, answer, words) => {
    keyServer.serve(answer);
    const fault = await start().catch((error: unknown) => String(error));
    expect(fault).toMatch(/^Error: CLERK_JWKS_URL: /);
    expect(fault).toMatch(words);
    expect(fault).toContain(keyServer.url);
  });

  it("are fetched once for many tokens", async () => {
    expect(await Promise.all(Array.from({ length: 20 }, () => ask(first)))).toEqual(Array(20).fill("ok"));
    expect(keyServer.requests).toHaveLength(1);
  });

  it("are rotated without a restart", async () => {
    keyServer.serve([first.jwk, second.jwk]);
    expect(await Promise.all([ask(second), ask(first), ask(second)])).toEqual(["ok", "ok", "ok"]);
    expect(keyServer.requests).toHaveLength(2);
  });

  it("are asked for once per cooldown, however many unknown ones tokens name", async () => {
    for (const kid of ["a", "b", "c"]) expect(await ask(first, { kid })).toBe("unknown_key");
    expect(keyServer.requests).toHaveLength(2);
    passed += COOLDOWN;
    keyServer.serve([second.jwk]);
    expect(await ask(second)).toBe("ok");
    expect(keyServer.requests).toHaveLength(3);
  });

  it("are not guessed for a token that names none", async () => {
    expect(await ask(first, { kid: undefined })).toBe("unknown_key");
    expect(keyServer.requests).toHaveLength(1);
  });

  it("are told by their numbers: the same name does not help another key", async () => {
    expect(await ask(second, { kid: "key_1" })).toBe("bad_signature");
  });

  it("stop being good within their age once the issuer withdrew them", async () => {
    keyServer.serve([second.jwk]);
    passed += MAX_AGE - 1_000;
    expect(await ask(first)).toBe("ok");
    passed += 1_000;
    expect(await ask(first)).toBe("unknown_key");
    expect(await ask(second)).toBe("ok");
  });

  it.each<[string, () => void]>([
    ["down", () => keyServer.serve((response) => void response.destroy())],
    ["broken", () => keyServer.serve((response) => void response.writeHead(500).end())],
    ["a sign-in page", () => keyServer.serve((response) => void response.end("<html>Hotel</html>"))],
    [
      "a redirect to good keys",
      () => keyServer.serve((response) => void response.writeHead(302, { location: "/keys" }).end()),
    ],
    ["without any key", () => keyServer.serve([])],
    ["endless", () => keyServer.serve((response) => void response.end(`{"keys":[${'"x",'.repeat(100_000)}"x"]}`))],
  ])("go on being good while their address is %s, and only an unknown one cannot be told", async (_, breakIt) => {
    breakIt();
    passed += 5 * MAX_AGE;
    expect(await ask(first)).toBe("ok");
    expect(await ask(second)).toBe("unavailable");
    for (let token = 0; token < 5; token += 1) expect(await ask(second)).toBe("unavailable");
    expect(await ask(first)).toBe("ok");
    expect(errors).toHaveLength(1);
    expect(keyServer.requests.filter((path) => path !== "/.well-known/jwks.json")).toEqual([]);

    keyServer.serve([second.jwk]);
    passed += COOLDOWN;
    expect(await ask(second)).toBe("ok");
    expect(await ask(first)).toBe("unknown_key");
  });

  it("keep no request waiting for an address that is known to be down", async () => {
    keyServer.serve((response) => void response.destroy());
    passed += MAX_AGE;
    expect(await ask(first)).toBe("ok");
    keyServer.serve(() => undefined);
    passed += COOLDOWN;
    expect(await ask(first)).toBe("ok");
    await expect.poll(() => keyServer.requests.length).toBe(3);
  });

  it("are RSA keys for signatures with RS256, of 2048 bits or more, and nothing else", async () => {
    const others = [{ kty: "EC", kid: "key_1" }, "x", { ...first.jwk, use: "enc" }, { ...first.jwk, n: "AQAB" }];
    keyServer.serve((response) => void response.end(JSON.stringify({ keys: [...others, second.jwk] })));
    passed += MAX_AGE;
    expect(await ask(first)).toBe("unknown_key");
    expect(await ask(second)).toBe("ok");
  });
});
