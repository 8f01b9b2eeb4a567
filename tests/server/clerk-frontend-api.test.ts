import { createLocalJWKSet, importSPKI, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { type StandInClerk, startClerk } from "../fixtures/clerk-frontend-api/index.ts";
import { trustCertificate } from "../fixtures/clerk-in-node.ts";

/** What the stand-in does by itself. How Clerk's own packages get on with it is in clerk-identity.test.ts. */
describe("the stand-in of Clerk's Frontend API", () => {
  let clerk: StandInClerk;

  beforeAll(async () => {
    clerk = await startClerk({ instance: "production", tokenLifeSeconds: 12 });
    trustCertificate(clerk.certificatePem);
    clerk.users.add({ email: "a@example.com", password: "right" });
  });
  afterAll(() => clerk.stop());

  it("has a publishable key that names its host, and a certificate for it", async () => {
    expect(atob(clerk.publishableKey.replace("pk_live_", ""))).toBe(`${new URL(clerk.origin).host}$`);
    expect((await fetch(`${clerk.origin}/v1/environment`)).status).toBe(200);
  });

  it("gives tokens that verify by its PEM and by its key set over plain http, and a new key on rotation", async () => {
    const { token, session } = await signIn();
    const options = { issuer: clerk.issuer, algorithms: ["RS256"] };
    const { payload } = await jwtVerify(token, await importSPKI(clerk.publicKeyPem, "RS256"), options);
    expect(payload).toMatchObject({ azp: "chrome-extension://abc", sts: "active", sid: session, v: 2 });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(12);
    await jwtVerify(token, await keySet(), options);

    clerk.tokens.rotate();
    const { token: next } = await signIn();
    await expect(jwtVerify(next, await importSPKI(clerk.publicKeyPem, "RS256"))).rejects.toThrow();
    await jwtVerify(next, await keySet(), options);
    await jwtVerify(token, await keySet(), options);
    clerk.tokens.rotate({ withdraw: true });
    await expect(jwtVerify(next, await keySet())).rejects.toThrow();
  });

  it("refuses in Clerk's form", async () => {
    const response = await post("/v1/client/sign_ins", { identifier: "a@example.com", password: "wrong" });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: [{ code: "form_password_incorrect", meta: { param_name: "password" } }],
      clerk_trace_id: expect.any(String),
    });
    clerk.faults.tooMany(30);
    const refused = await post("/v1/client/sign_ins", { identifier: "a@example.com" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
    clerk.faults.none();
  });

  it("goes down, comes back on its ports, fails, and hangs until that is over", async () => {
    const environment = () => fetch(`${clerk.origin}/v1/environment`);
    await clerk.faults.down();
    await expect(environment()).rejects.toThrow();
    await expect(fetch(clerk.jwksUrl)).rejects.toThrow();
    await clerk.faults.up();
    expect((await environment()).status).toBe(200);
    clerk.faults.fail(503);
    expect((await fetch(clerk.jwksUrl)).status).toBe(503);
    clerk.faults.hang(/jwks/);
    const hanging = fetch(clerk.jwksUrl);
    await expect.poll(() => clerk.faults.held()).toBe(1);
    expect((await environment()).status).toBe(200);
    clerk.faults.none();
    await expect(hanging).rejects.toThrow();
  });

  async function signIn() {
    const begun = await post("/v1/client/sign_ins", { identifier: "a@example.com", password: "right" });
    const browser = begun.headers.get("authorization") ?? "";
    const { response } = signInSchema.parse(await begun.json());
    const given = await post(`/v1/client/sessions/${response.created_session_id}/tokens`, {}, browser);
    return { token: z.object({ jwt: z.string() }).parse(await given.json()).jwt, session: response.created_session_id };
  }

  function post(path: string, body: Record<string, string>, browser?: string): Promise<Response> {
    const headers = { origin: "chrome-extension://abc", ...(browser && { authorization: `Bearer ${browser}` }) };
    return fetch(`${clerk.origin}${path}?_is_native=1`, { method: "POST", headers, body: new URLSearchParams(body) });
  }

  async function keySet() {
    return createLocalJWKSet(keySetSchema.parse(await (await fetch(clerk.jwksUrl)).json()));
  }
});

const signInSchema = z.object({ response: z.object({ created_session_id: z.string() }) });
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
