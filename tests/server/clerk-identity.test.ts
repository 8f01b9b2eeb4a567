import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { SignInUnreachableError } from "../../lib/auth/identity.ts";
import { type StandInClerk, startClerk } from "../fixtures/clerk-frontend-api/index.ts";
import {
  becomeExtensionWorker,
  createProfile,
  device,
  EXTENSION_ORIGIN,
  startIdentity,
} from "../fixtures/clerk-in-node.ts";

/** The real @clerk packages, unmodified, in this process, against a stand-in of Clerk (see its folder). */
describe.each(["development", "production"] as const)("the identity by Clerk, %s keys", (instance) => {
  let clerk: StandInClerk;
  let count = 0;

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

  it.each([
    ["a wrong password", "wrong_password", async (p: Signing) => p.identity.signIn({ email: p.email, password: "no" })],
    [
      "an unknown address",
      "unknown_address",
      async (p: Signing) => p.identity.signIn({ email: "no@example.com", password: "x" }),
    ],
    [
      "no address",
      "bad_address",
      async (p: Signing) => p.identity.signUp({ email: "nobody", password: "long enough" }),
    ],
    [
      "a taken address",
      "address_taken",
      async (p: Signing) => p.identity.signUp({ email: p.email, password: "long enough" }),
    ],
    [
      "a leaked password",
      "weak_password",
      async (p: Signing) => p.identity.signUp({ email: "new@example.com", password: "password123" }),
    ],
    [
      "a short password",
      "weak_password",
      async (p: Signing) => p.identity.signUp({ email: "new@example.com", password: "x" }),
    ],
    ["a code of nothing", "expired_code", async (p: Signing) => p.identity.verify({ code: "123456" })],
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

  it("asks Clerk once for many callers, and not at all within a token's life, also in the next worker", async () => {
    const { identity, profile } = await signedIn();
    const before = tokenRequests();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => identity.getToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(tokenRequests()).toBe(before + 1);
    const all = clerk.seen.length;
    expect(await (await startIdentity(profile, clerk)).getToken()).toBe(tokens[0]);
    expect(clerk.seen).toHaveLength(all);
  });

  it("gets a new token when the last one has little left", async () => {
    clerk.tokens.setLife(9);
    onTestFinished(() => clerk.tokens.setLife(60));
    const { identity } = await signedIn();
    const first = await identity.getToken();
    expect(await identity.getToken()).not.toBe(first);
  });

  it("works offline as far as it can, and says the rest", async () => {
    const { identity, email, password, profile } = await signedIn();
    device.onLine = false;
    await clerk.faults.down();
    const next = await startIdentity(profile, clerk);
    expect(await next.current()).toMatchObject({ email });
    await expect(next.getToken()).rejects.toBeInstanceOf(SignInUnreachableError);
    await expect(next.signIn({ email, password })).rejects.toMatchObject({ code: "unreachable" });
    await expect(identity.sendCode({ email })).rejects.toMatchObject({ code: "unreachable" });
    expect(await identity.current()).toMatchObject({ email });
    device.onLine = true;
    await clerk.faults.up();
    await expect.poll(() => next.getToken().catch(String)).toMatch(/^ey/);
  });

  it.each(["hang", "fail"] as const)(
    "does not wait for a Clerk in the fault %s, and goes on after it",
    async (fault) => {
      const { identity, profile } = await signedIn();
      clerk.faults[fault]();
      const next = await startIdentity(profile, clerk);
      const asked = Date.now();
      await expect(identity.getToken()).rejects.toBeInstanceOf(SignInUnreachableError);
      await expect(next.getToken()).rejects.toBeInstanceOf(SignInUnreachableError);
      expect(Date.now() - asked).toBeLessThan(20_000);
      clerk.faults.none();
      await expect.poll(() => next.getToken().catch(String)).toMatch(/^ey/);
      await expect.poll(() => identity.getToken().catch(String)).toMatch(/^ey/);
    },
  );

  it("tells when the person was signed out elsewhere, and leaves nothing", async () => {
    const { identity, email, profile } = await signedIn();
    const seen: unknown[] = [];
    identity.watch((now) => void seen.push(now));
    clerk.users.endSessions(email);
    expect(await identity.getToken()).toBeUndefined();
    expect(seen).toEqual([undefined]);
    expect(left(profile)).toEqual([]);
  });

  it.each(["up", "down", "hang"] as const)("signs out with Clerk %s: nothing of the person stays", async (state) => {
    const { identity, email, profile } = await signedIn();
    await identity.getToken();
    if (state === "hang") clerk.faults.hang();
    if (state === "down") await clerk.faults.down();
    const late = state === "up" ? undefined : identity.sendCode({ email }).catch(String);
    await identity.signOut();
    expect(left(profile)).toEqual([]);
    expect(await identity.current()).toBeUndefined();
    expect(await identity.getToken()).toBeUndefined();
    expect(identity.faults).toHaveLength(state === "up" ? 0 : 1);

    clerk.faults.none();
    await clerk.faults.up();
    await late;
    expect(left(profile)).toEqual([]);
    const other = `other-${email}`;
    const { id } = clerk.users.add({ email: other, password: "their own one" });
    expect(await identity.signIn({ email: other, password: "their own one" })).toEqual({ step: "done" });
    expect(claimsOf(await identity.getToken())).toMatchObject({ sub: id });
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

  it("asks nobody but Clerk", async () => {
    device.asked.clear();
    const { identity } = await signedIn();
    await identity.getToken();
    await identity.signOut();
    expect([...device.asked]).toEqual([clerk.origin]);
  });

  type Signing = Awaited<ReturnType<typeof person>>;

  async function stranger() {
    const email = `person-${++count}@example.com`;
    const profile = createProfile();
    return { email, profile, identity: await startIdentity(profile, clerk) };
  }

  async function person() {
    const made = await stranger();
    const password = "correct horse";
    return { ...made, password, user: clerk.users.add({ email: made.email, password }) };
  }

  async function signedIn() {
    const made = await person();
    await made.identity.signIn(made);
    return made;
  }

  function tokenRequests(): number {
    return clerk.seen.filter(({ path }) => path.endsWith("/tokens")).length;
  }
});

function codeStep(email: string, purpose: string) {
  return { step: "code", email, purpose };
}

function left({ local, session }: ReturnType<typeof createProfile>): string[] {
  return [...local.items.keys(), ...session.items.keys()];
}

function claimsOf(token: string | undefined): unknown {
  return JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString() || "null");
}
