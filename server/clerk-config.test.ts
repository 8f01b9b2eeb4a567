import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { clerkConfigOf } from "./clerk-config.ts";
import { readConfig } from "./config.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const good = {
  CLERK_ISSUER: "https://clerk.example",
  CLERK_JWT_KEY: pem,
  CLERK_AUTHORIZED_PARTIES: "chrome-extension://abc, moz-extension://*",
};

function faultsOf(environment: Record<string, string>): string[] {
  const result = readConfig(environment);
  return result.ok ? [] : result.faults;
}

describe("Clerk in the configuration", () => {
  it("is read whole", () => {
    const result = readConfig({ ...good, HOST: "0.0.0.0" });
    const clerk = result.ok ? clerkConfigOf(result.config) : undefined;
    expect(clerk?.issuer).toBe("https://clerk.example");
    expect(clerk?.authorizedParties).toEqual(["chrome-extension://abc", "moz-extension://*"]);
    expect(clerk?.key).toMatchObject({ type: "public", asymmetricKeyType: "rsa" });
    expect(clerkConfigOf({})).toBeUndefined();
  });

  it.each<[string, string]>([
    ["with line breaks typed as \\n", pem.trim().replaceAll("\n", "\\n")],
    ["in one line with spaces", pem.replaceAll("\n", " ")],
    ["with Windows' line breaks", pem.replaceAll("\n", "\r\n")],
    ["of the older form", publicKey.export({ type: "pkcs1", format: "pem" }).toString()],
  ])("takes a key %s", (_, key) => {
    const result = readConfig({ ...good, CLERK_JWT_KEY: key });
    expect(result.ok && result.config.CLERK_JWT_KEY?.equals(publicKey)).toBe(true);
  });

  it.each([
    ["https://clerk.example/", "https://clerk.example"],
    ["https://clerk.example/tenant/", "https://clerk.example/tenant"],
    ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
    ["http://[::1]:9000", "http://[::1]:9000"],
  ])("takes the issuer %s", (given, issuer) => {
    const result = readConfig({ ...good, CLERK_ISSUER: given });
    expect(result.ok && result.config.CLERK_ISSUER).toBe(issuer);
  });

  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  it.each<[string, Record<string, string>, RegExp]>([
    ["an issuer over http", { CLERK_ISSUER: "http://clerk.example" }, /^CLERK_ISSUER: must be an https address/],
    ["an issuer that is a name", { CLERK_ISSUER: "clerk.example" }, /^CLERK_ISSUER: is not an address/],
    [
      "an issuer with a query",
      { CLERK_ISSUER: "https://clerk.example?a" },
      /^CLERK_ISSUER: must be an address without/,
    ],
    ["no issuer", { CLERK_ISSUER: "" }, /^CLERK_ISSUER: is missing/],
    ["no key", { CLERK_JWT_KEY: "" }, /^CLERK_JWT_KEY: is missing; .*CLERK_JWKS_URL/],
    ["a key that is text", { CLERK_JWT_KEY: "sk_test_hunter2" }, /^CLERK_JWT_KEY: is not a public key in PEM/],
    ["a key cut short", { CLERK_JWT_KEY: pem.slice(0, 200) }, /^CLERK_JWT_KEY: is not a public key in PEM/],
    ["a key with a hole", { CLERK_JWT_KEY: pem.replace(/\n.{64}/, "") }, /^CLERK_JWT_KEY: is not a public key/],
    ["a key of another kind", { CLERK_JWT_KEY: spki(ec) }, /^CLERK_JWT_KEY: is not an RSA key/],
    ["a key that is too short", { CLERK_JWT_KEY: spki(short) }, /^CLERK_JWT_KEY: is not an RSA key of 2048 bits/],
    [
      "no parties",
      { CLERK_AUTHORIZED_PARTIES: "" },
      /^CLERK_AUTHORIZED_PARTIES: is missing; .*chrome-extension:.*moz-/,
    ],
    [
      "a party that is a path",
      { CLERK_AUTHORIZED_PARTIES: "https://a/b" },
      /^CLERK_AUTHORIZED_PARTIES: .*"https:\/\/a\/b"/,
    ],
    ["a party for all", { CLERK_AUTHORIZED_PARTIES: "*" }, /^CLERK_AUTHORIZED_PARTIES: .*"\*" is none/],
    ["any extension of Chrome", { CLERK_AUTHORIZED_PARTIES: "chrome-extension://*" }, /^CLERK_AUTHORIZED_PARTIES: /],
    [
      "both keys",
      { CLERK_JWKS_URL: "https://clerk.example/jwks" },
      /^CLERK_JWKS_URL: is given together with CLERK_JWT_KEY/,
    ],
    [
      "keys over http",
      { CLERK_JWT_KEY: "", CLERK_JWKS_URL: "http://clerk.example" },
      /^CLERK_JWKS_URL: must be an https/,
    ],
    ["keys from a file", { CLERK_JWT_KEY: "", CLERK_JWKS_URL: "file:///keys" }, /^CLERK_JWKS_URL: must be an https/],
    ["a local token", { LOCAL_TOKEN: "x".repeat(32) }, /^LOCAL_TOKEN: does not go together with Clerk/],
  ])("refuses %s in one line that names the variable", (_, change, words) => {
    const faults = faultsOf({ ...good, ...change });
    expect(faults).toEqual([expect.stringMatching(words)]);
    expect(faults[0]).not.toContain("\n");
    expect(faults[0]).not.toContain("hunter2");
  });

  it("refuses a private key and keeps it to itself", () => {
    for (const type of ["pkcs8", "pkcs1"] as const) {
      const secret = privateKey.export({ type, format: "pem" }).toString();
      expect(faultsOf({ ...good, CLERK_JWT_KEY: secret })).toEqual([
        "CLERK_JWT_KEY: is a private key; the public one is asked for",
      ]);
    }
  });

  it("takes a misspelled variable for the wish that it is", () => {
    const named = faultsOf({ CLERK_ISUER: "https://clerk.example" }).map((fault) => fault.split(":")[0]);
    expect(named).toEqual(["CLERK_ISSUER", "CLERK_JWT_KEY", "CLERK_AUTHORIZED_PARTIES"]);
  });

  it("is what lets the server listen for other machines", () => {
    expect(faultsOf({ HOST: "0.0.0.0" })).toEqual([expect.stringMatching(/^HOST: must be a loopback address/)]);
    expect(faultsOf({ ...good, HOST: "0.0.0.0" })).toEqual([]);
  });
});

function spki(key: typeof publicKey): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}
