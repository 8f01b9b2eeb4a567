import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { SignInUnreachableError } from "../../lib/auth/identity.ts";
import { type StandInClerk, startClerk } from "../fixtures/clerk-frontend-api/index.ts";
import { becomeExtensionWorker, createProfile, device, startIdentity } from "../fixtures/clerk-in-node.ts";
import { claimsOf, clerkPeople } from "../fixtures/clerk-people.ts";

/** The real @clerk packages, unmodified, in this process, against a stand-in of Clerk (see its folder). */
describe.each(["development", "production"] as const)("the session of the identity by Clerk, %s keys", (instance) => {
  let clerk: StandInClerk;
  const { person, signedIn } = clerkPeople(() => clerk);

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

  it("gets another token when the server took the last one for expired, whatever the clocks say", async () => {
    const { identity } = await signedIn();
    const first = await identity.getToken();
    const second = await identity.getToken({ fresh: true });
    expect(second).not.toBe(first);
    expect(claimsOf(second)).toMatchObject({ sub: (await identity.current())?.userId });
    expect(await identity.getToken({ fresh: false })).toBe(second);
  });

  it("works offline as far as it can, and says the rest", async () => {
    const { email, password, profile } = await signedIn();
    const begun = await person();
    await begun.identity.sendCode(begun);
    device.onLine = false;
    await clerk.faults.down();
    const next = await startIdentity(profile, clerk);
    expect(await next.current()).toMatchObject({ email });
    await expect(next.getToken()).rejects.toBeInstanceOf(SignInUnreachableError);
    const unreachable = { code: "unreachable" };
    const signedOut = await startIdentity(createProfile(), clerk);
    await expect(signedOut.signIn({ email, password })).rejects.toMatchObject(unreachable);
    // Clerk's client is loaded in this one, and gives its old state as if that were an answer.
    await expect(begun.identity.verify({ code: "123456" })).rejects.toMatchObject(unreachable);
    await expect(begun.identity.resendCode()).rejects.toMatchObject(unreachable);
    await expect(begun.identity.signIn(begun)).rejects.toMatchObject(unreachable);
    expect(await next.current()).toMatchObject({ email });
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
      const asked = [identity, next].map((worker) => worker.getToken());
      const unreachable = { status: "rejected", reason: expect.any(SignInUnreachableError) };
      expect(await Promise.allSettled(asked)).toEqual([unreachable, unreachable]);
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
    // So short that each call asks for a new one.
    clerk.tokens.setLife(9);
    onTestFinished(() => clerk.tokens.setLife(60));
    const { identity, email, profile } = await signedIn();
    await identity.getToken();
    if (state === "hang") clerk.faults.hang();
    if (state === "down") await clerk.faults.down();
    const late = identity.getToken().catch(String);
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

  it("leaves the next person alone when a request for a token of the one before comes late", async () => {
    clerk.tokens.setLife(9);
    onTestFinished(() => clerk.tokens.setLife(60));
    const { identity, profile } = await signedIn();
    await identity.getToken();
    const gate = Promise.withResolvers<void>();
    const { get } = profile.local;
    profile.local.get = async (keys) => {
      const items = await get(keys);
      await gate.promise;
      return items;
    };
    const late = identity.getToken().catch(String);
    profile.local.get = get;
    await identity.signOut();
    const next = clerk.users.add({ email: `next-${instance}@example.org`, password: "their own one" });
    await identity.signIn({ email: `next-${instance}@example.org`, password: "their own one" });

    gate.resolve();
    expect(await late).toBeUndefined();
    expect(await identity.current()).toMatchObject({ userId: next.id });
    expect(claimsOf(await identity.getToken())).toMatchObject({ sub: next.id });
  });

  it("asks nobody but Clerk", async () => {
    device.asked.clear();
    const { identity } = await signedIn();
    await identity.getToken();
    await identity.signOut();
    expect([...device.asked]).toEqual([clerk.origin]);
  });

  function tokenRequests(): number {
    return clerk.seen.filter(({ path }) => path.endsWith("/tokens")).length;
  }
});

function left({ local, session }: ReturnType<typeof createProfile>): string[] {
  return [...local.items.keys(), ...session.items.keys()];
}
