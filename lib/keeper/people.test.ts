import { describe, expect, it } from "vitest";
import { ANN, BEA, FAST, fill, keeperWithPeople, MARKER, question } from "../../tests/fixtures/keeper-people.ts";
import { createKeeperRig } from "../../tests/fixtures/keeper-rig.ts";
import { keptTexts } from "../../tests/fixtures/kept-texts.ts";
import type { UnauthorizedReason } from "../protocol/errors.ts";

describe("a keeper with people", () => {
  it("waits for somebody to sign in, says why that failed, and then follows the server", async () => {
    const { rig } = keeperWithPeople();
    const panel = rig.openPanel();
    await expect.poll(() => panel.state().connection.status, FAST).toBe("signed-out");
    await expect(panel.link.call("ask", question())).rejects.toMatchObject({ code: "signed-out" });
    const wrong = panel.link.call("sign-in", { email: ANN, password: "wrong" });
    await expect(wrong).rejects.toMatchObject({ code: "wrong_password", message: expect.stringContaining("password") });
    expect(await panel.link.call("sign-in", { email: ANN, password: "right" })).toEqual({ step: "done" });
    expect(panel.state().account).toMatchObject({ userId: "ann", email: ANN });
    await expect.poll(() => panel.state().connection.status, FAST).toBe("online");
  });

  it("goes on with a code that was asked for before the worker died", async () => {
    const { rig } = keeperWithPeople();
    const panel = rig.openPanel();
    await panel.link.call("send-code", { email: ANN });
    rig.killWorker();
    const step = { step: "code", email: ANN, purpose: "sign-in" };
    expect(await rig.openPanel().link.call("sign-in-step", {})).toEqual({ step });
    await expect(panel.link.call("verify-code", { code: "000000" })).rejects.toMatchObject({ code: "wrong_code" });
    await panel.link.call("verify-code", { code: "123456" });
    expect(panel.state().account?.userId).toBe("ann");
  });

  it("has no Google where the build has none", async () => {
    const { rig } = keeperWithPeople();
    await expect(rig.openPanel().link.call("sign-in-with-google", {})).rejects.toMatchObject({ code: "bad_request" });
  });
});

describe("another person without a sign-out", () => {
  it("takes the place in one step, and what the first one still does is not theirs", async () => {
    const { rig, device, people } = keeperWithPeople();
    const panel = rig.openPanel();
    await fill(panel);
    const states: string[] = [];
    panel.link.subscribe(() => void states.push(JSON.stringify(panel.state())));
    const before = panel.link.call("ask", question());
    people.become(BEA);
    // The panel has not heard of it yet.
    const after = panel.link.call("save-draft", { key: "new", text: MARKER });
    const late = Promise.allSettled([before, after]);
    await expect.poll(() => panel.state().account?.userId, FAST).toBe("bea");
    await late;
    await expect.poll(() => panel.state().connection.status, FAST).toBe("online");
    await expect.poll(async () => (await keptTexts(device)).join(), FAST).not.toContain(MARKER);
    expect(states.filter((state) => state.includes('"bea"') && state.includes(MARKER))).toEqual([]);
    expect(await panel.link.call("home", {})).toEqual({ conversationId: null, draft: "" });
  });

  it("is not shown what the first one wanted to see next", async () => {
    const { rig, people } = keeperWithPeople();
    const panel = rig.openPanel();
    const { conversationId } = await fill(panel);
    rig.keeper().showNext(conversationId);
    people.become(BEA);
    await expect.poll(() => panel.state().account?.userId, FAST).toBe("bea");
    expect((await panel.link.call("home", {})).conversationId).toBeNull();
  });

  it("shows nothing of a person whose session ended elsewhere, who finds it again on coming back", async () => {
    const { rig, people } = keeperWithPeople();
    const panel = rig.openPanel();
    await fill(panel);
    people.become(undefined);
    await expect.poll(() => panel.state().connection.status, FAST).toBe("signed-out");
    expect(JSON.stringify(panel.state())).not.toContain(MARKER);
    people.become(ANN);
    await expect.poll(() => panel.state().account?.userId, FAST).toBe("ann");
    expect((await panel.link.call("home", {})).draft).toBe(MARKER);
  });
});

describe("a sign-in service that cannot be reached", () => {
  it("leaves a running answer running, and shows what is here to a new worker", async () => {
    const { rig, servers, people } = keeperWithPeople();
    const panel = rig.openPanel();
    const turn = await fill(panel);
    people.setDown(true);
    servers.ann.emit(turn.turnId, { type: "text", delta: "it goes on" });
    await expect.poll(() => JSON.stringify(panel.state().turns), FAST).toContain("it goes on");
    expect(panel.state().connection.status).toBe("online");

    rig.killWorker();
    const reconnecting = { status: "reconnecting", cause: "sign-in" };
    await expect.poll(() => panel.state().connection, FAST).toMatchObject(reconnecting);
    expect(JSON.stringify(panel.state().conversations)).toContain(turn.conversationId);
    people.setDown(false);
    await expect.poll(() => panel.state().connection.status, FAST).toBe("online");
    await expect.poll(() => JSON.stringify(panel.state().turns), FAST).toContain("it goes on");
  });
});

describe("a server that does not take the account", () => {
  it.each<[UnauthorizedReason | undefined, RegExp]>([
    ["wrong_issuer", /another sign-in service/],
    ["wrong_authorized_party", /CLERK_AUTHORIZED_PARTIES/],
    [undefined, /does not accept your account/],
  ])("says so: %s", async (reason, words) => {
    const { rig } = keeperWithPeople({ refuse: { reason } });
    const panel = rig.openPanel();
    await panel.link.call("sign-in", { email: ANN, password: "right" });
    await expect
      .poll(() => panel.state().connection, FAST)
      .toMatchObject({
        status: "unauthorized",
        message: expect.stringMatching(words),
      });
    expect(panel.state().account?.email).toBe(ANN);
    await panel.link.call("sign-out", {});
    expect(panel.state().connection.status).toBe("signed-out");
  });

  it("is not chosen when everybody on the way could read the token", async () => {
    const { rig } = keeperWithPeople();
    const panel = rig.openPanel();
    await panel.link.call("sign-in", { email: ANN, password: "right" });
    const serverUrl = "http://sidestream.example";
    await expect(panel.link.call("use-server", { serverUrl })).rejects.toMatchObject({
      code: "unfit_server",
      message: expect.stringContaining("https:"),
    });
    expect((await rig.settings.read()).serverUrl).toBe("http://127.0.0.1:1");
  });

  it("says that it has no accounts", async () => {
    const { rig } = keeperWithPeople({ auth: "local", refuse: { reason: "malformed_token" } });
    const panel = rig.openPanel();
    const serverUrl = "http://127.0.0.1:2/";
    const fault = expect.stringContaining("it pairs with a code");
    expect(await panel.link.call("check-server", { serverUrl })).toEqual({ fault });
    await expect(panel.link.call("use-server", { serverUrl })).rejects.toMatchObject({ message: fault });
    await panel.link.call("sign-in", { email: ANN, password: "right" });
    await expect.poll(() => panel.state().connection, FAST).toMatchObject({ status: "unauthorized", message: fault });
  });

  it("shows nothing when it takes the token for somebody else's", async () => {
    const { rig, servers } = keeperWithPeople();
    servers.ann.signIn("somebody");
    const panel = rig.openPanel();
    await panel.link.call("sign-in", { email: ANN, password: "right" });
    await expect
      .poll(() => panel.state().connection, FAST)
      .toMatchObject({
        status: "unauthorized",
        message: expect.stringContaining("somebody else"),
      });
    expect(panel.state().conversations).toEqual({});
  });

  it("is told to a build that pairs", async () => {
    const { fetch } = keeperWithPeople();
    const rig = createKeeperRig({ fetch });
    const panel = rig.openPanel();
    const pairing = panel.link.call("pair", { serverUrl: "http://127.0.0.1:2", code: "right" });
    await expect(pairing).rejects.toMatchObject({ message: expect.stringContaining("accounts") });
  });
});

describe("another server", () => {
  it("is another history of the same person", async () => {
    const { rig } = keeperWithPeople();
    const panel = rig.openPanel();
    await fill(panel);
    await panel.link.call("use-server", { serverUrl: "http://127.0.0.1:2/anything" });
    expect(panel.state()).toMatchObject({
      account: { userId: "ann", serverUrl: "http://127.0.0.1:2" },
      conversations: {},
    });
  });
});
