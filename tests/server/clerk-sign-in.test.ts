import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type StandInClerk, startClerk } from "../fixtures/clerk-frontend-api/index.ts";
import {
  becomeExtensionWorker,
  createProfile,
  device,
  EXTENSION_ORIGIN,
  startIdentity,
} from "../fixtures/clerk-in-node.ts";
import { claimsOf, clerkPeople, type Person } from "../fixtures/clerk-people.ts";

/** The real @clerk packages, unmodified, in this process, against a stand-in of Clerk (see its folder). */
describe.each(["development", "production"] as const)("signing in by Clerk, %s keys", (instance) => {
  let clerk: StandInClerk;
  const { stranger, person, signedIn } = clerkPeople(() => clerk);

  beforeAll(async () => {
    clerk = await startClerk({ instance });
    becomeExtensionWorker(clerk.certificatePem);
  });
  afterAll(() => clerk.stop());
  beforeEach(async () => {
    device.onLine = true;
    clerk.faults.none();
    await clerk.faults.up();
  });

  it("signs up with a mailed code and hands out tokens with Clerk's claims", async () => {
    const { identity, email } = await stranger();
    const seen: unknown[] = [];
    identity.watch((person) => void seen.push(person));
    expect(await identity.signUp({ email, password: "a long enough one" })).toEqual(codeStep(email, "sign-up"));
    expect(await identity.pendingStep()).toEqual(codeStep(email, "sign-up"));
    await expect(identity.verify({ code: "wrong" })).rejects.toMatchObject({ code: "wrong_code" });
    expect(await identity.verify({ code: clerk.lastCode(email) ?? "" })).toEqual({ step: "done" });
    const userId = clerk.users.find(email)?.id;
    expect(seen).toEqual([{ userId, email }]);
    expect(await identity.current()).toEqual({ userId, email });
    expect(await identity.pendingStep()).toBeUndefined();
    expect(claimsOf(await identity.getToken())).toMatchObject({
      iss: clerk.issuer,
      sub: userId,
      azp: EXTENSION_ORIGIN,
      sts: "active",
    });
  });

  it("goes on with a sign-in after the worker that began it has died", async () => {
    const { identity, email, profile } = await person();
    expect(await identity.sendCode({ email })).toEqual(codeStep(email, "sign-in"));
    const next = await startIdentity(profile, clerk);
    expect(await next.pendingStep()).toEqual(codeStep(email, "sign-in"));
    const first = clerk.lastCode(email);
    await next.resendCode();
    expect(clerk.lastCode(email)).not.toBe(first);
    expect(await next.verify({ code: clerk.lastCode(email) ?? "" })).toEqual({ step: "done" });
    expect(await next.current()).toMatchObject({ email });
  });

  it("forgets an address whose code nobody waits for any more", async () => {
    const { identity, email, profile } = await person();
    await identity.sendCode({ email });
    await profile.local.set({ signInStep: { email, purpose: "sign-in", until: Date.now() - 1 } });
    expect(await identity.pendingStep()).toBeUndefined();
    expect(JSON.stringify([...profile.local.items])).not.toContain(email);
  });

  it.each([
    ["a wrong password", "wrong_password", async (p: Person) => p.identity.signIn({ email: p.email, password: "no" })],
    [
      "an unknown address",
      "unknown_address",
      async (p: Person) => p.identity.signIn({ email: "no@example.com", password: "x" }),
    ],
    ["no address", "bad_address", async (p: Person) => p.identity.signUp({ email: "nobody", password: "long enough" })],
    [
      "a taken address",
      "address_taken",
      async (p: Person) => p.identity.signUp({ email: p.email, password: "long enough" }),
    ],
    [
      "a leaked password",
      "weak_password",
      async (p: Person) => p.identity.signUp({ email: "new@example.com", password: "password123" }),
    ],
    [
      "a short password",
      "weak_password",
      async (p: Person) => p.identity.signUp({ email: "new@example.com", password: "x" }),
    ],
    ["a code of nothing", "expired_code", async (p: Person) => p.identity.verify({ code: "123456" })],
  ])("says what is wrong with %s", async (_, code, act) => {
    await expect(act(await person())).rejects.toMatchObject({ name: "SignInError", code });
  });

  it("says for how long an account is locked, and how long to wait after too many tries", async () => {
    const { identity, email, password } = await person();
    clerk.users.lock(email, 1_800);
    await expect(identity.signIn({ email, password })).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining("in 30 minutes"),
    });
    clerk.faults.tooMany(40);
    await expect(identity.signIn({ email, password })).rejects.toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("in 40 seconds"),
    });
  });

  it("takes a new code when the old one has expired", async () => {
    const { identity, email } = await person();
    await identity.sendCode({ email });
    clerk.expireCodes();
    await expect(identity.verify({ code: clerk.lastCode(email) ?? "" })).rejects.toMatchObject({
      code: "expired_code",
    });
    await identity.resendCode();
    expect(await identity.verify({ code: clerk.lastCode(email) ?? "" })).toEqual({ step: "done" });
  });

  it("takes a second factor by mail and names one that it does not offer", async () => {
    const { identity, email, password, user } = await person();
    user.secondFactor = "totp";
    await expect(identity.signIn({ email, password })).rejects.toMatchObject({ code: "second_factor" });
    user.secondFactor = "email_code";
    expect(await identity.signIn({ email, password })).toEqual(codeStep(email, "sign-in"));
    expect(await identity.verify({ code: clerk.lastCode(email) ?? "" })).toEqual({ step: "done" });
  });

  it("signs in with Google, and says when the window was closed", async () => {
    const { email, profile, user } = await person();
    const agree = async (url: string) => {
      const page = new URL(url);
      page.searchParams.set("email", email);
      const { headers } = await fetch(page, { redirect: "manual" });
      return headers.get("location") ?? "";
    };
    const identity = await startIdentity(profile, { ...clerk, launch: agree });
    expect(await identity.google?.()).toEqual({ step: "done" });
    expect(await identity.current()).toEqual({ userId: user.id, email });
    const closed = await startIdentity(createProfile(), {
      ...clerk,
      launch: () => Promise.reject(new Error("closed")),
    });
    await expect(closed.google?.()).rejects.toMatchObject({ code: "cancelled" });
  });

  it("refuses a sign-in while somebody is signed in", async () => {
    const { identity, email } = await signedIn();
    await expect(identity.sendCode({ email: `other-${email}` })).rejects.toMatchObject({ code: "failed" });
    expect(claimsOf(await identity.getToken())).toMatchObject({ sub: clerk.users.find(email)?.id });
  });
});

it("says what is missing when a production instance does not list the extension", async () => {
  const clerk = await startClerk({ instance: "production", allowedOrigins: ["https://example.com"] });
  onTestFinished(() => clerk.stop());
  becomeExtensionWorker(clerk.certificatePem);
  const identity = await startIdentity(createProfile(), clerk);
  const begun = identity.signUp({ email: "someone@example.com", password: "a long enough one" });
  await expect(begun).rejects.toMatchObject({ message: expect.stringContaining("allowed origins") });
});

function codeStep(email: string, purpose: string) {
  return { step: "code", email, purpose };
}
