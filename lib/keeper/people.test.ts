import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { createIdentityDouble } from "../../tests/fixtures/identity-double.ts";
import { createKeeperRig, type RigPanel } from "../../tests/fixtures/keeper-rig.ts";
import { keptTexts } from "../../tests/fixtures/kept-texts.ts";
import { createMemoryServer } from "../../tests/fixtures/memory-server.ts";
import type { UnauthorizedReason } from "../protocol/errors.ts";
import type { StartTurn } from "../protocol/requests.ts";

const ANN = "ann@sidestream.example";
const BEA = "bea@sidestream.example";
const MARKER = "the secret of ann";

describe("a keeper with people", () => {
  it("waits for somebody to sign in, says why that failed, and then follows the server", async () => {
    const { rig } = setUp();
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
    const { rig } = setUp();
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
    const { rig } = setUp();
    await expect(rig.openPanel().link.call("sign-in-with-google", {})).rejects.toMatchObject({ code: "bad_request" });
  });
});

describe("signing out", () => {
  it("leaves nothing of the person: not on this device, not in any panel, not for the next person", async () => {
    const { rig, device } = setUp();
    const [panel, other] = [rig.openPanel(1), rig.openPanel(2)];
    await fill(panel);
    await expect.poll(() => JSON.stringify(other.state()), FAST).toContain(MARKER);
    expect((await keptTexts(device)).join()).toContain(MARKER);
    rig.notices.push({ conversationId: v7(), title: "An answer", message: MARKER });

    await panel.link.call("sign-out", {});
    expect(panel.state()).toMatchObject({ connection: { status: "signed-out" }, conversations: {}, pending: {} });
    expect(panel.state().account).toBeUndefined();
    expect(await keptTexts(device)).toEqual([]);
    expect(rig.notices).toEqual([]);
    expect(rig.badges.at(-1)).toEqual({ kind: "none" });

    await other.link.call("sign-in", { email: BEA, password: "right" });
    await expect
      .poll(() => [panel.state(), other.state()].map(({ connection }) => connection.status), FAST)
      .toEqual(["online", "online"]);
    const seen = JSON.stringify([panel.state(), other.state(), await keptTexts(device), await rig.settings.read()]);
    expect(seen).not.toContain(MARKER);
    expect(seen).not.toContain(ANN);
  });

  it("works while nothing can be reached", async () => {
    const { rig, device, people, cut } = setUp();
    const panel = rig.openPanel();
    await fill(panel);
    people.setDown(true);
    cut();
    await panel.link.call("sign-out", {});
    expect(panel.state().connection.status).toBe("signed-out");
    expect(await keptTexts(device)).toEqual([]);
  });

  it("is done by the next worker when one dies in the middle of it", async () => {
    const { rig, device, people } = setUp();
    const panel = rig.openPanel();
    await fill(panel);
    people.holdSignOut(new Promise(() => undefined));
    const leaving = panel.link.call("sign-out", {});
    await expect.poll(() => keptTexts(device), FAST).toEqual([]);
    people.holdSignOut(Promise.resolve());
    rig.killWorker();
    await leaving;
    expect(panel.state().connection.status).toBe("signed-out");
    expect(await keptTexts(device)).toEqual([]);
  });

  it("disconnects a paired build in the same way", async () => {
    const server = createMemoryServer({ newId: () => v7() });
    const device = v7();
    const rig = createKeeperRig({ fetch: server.fetch, device });
    const panel = rig.openPanel();
    await panel.link.call("save-draft", { key: "new", text: MARKER });
    await panel.link.call("sign-out", {});
    expect(panel.state().connection.status).toBe("unpaired");
    expect(await rig.settings.read()).toEqual({ serverUrl: "http://127.0.0.1:1" });
    expect(await keptTexts(device)).toEqual([]);
  });
});

describe("another person without a sign-out", () => {
  it("takes the place in one step, and what the first one still does is not theirs", async () => {
    const { rig, device, people } = setUp();
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
    const { rig, people } = setUp();
    const panel = rig.openPanel();
    const { conversationId } = await fill(panel);
    rig.keeper().showNext(conversationId);
    people.become(BEA);
    await expect.poll(() => panel.state().account?.userId, FAST).toBe("bea");
    expect((await panel.link.call("home", {})).conversationId).toBeNull();
  });

  it("shows nothing of a person whose session ended elsewhere, who finds it again on coming back", async () => {
    const { rig, people } = setUp();
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
    const { rig, servers, people } = setUp();
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
    const { rig } = setUp({ refuse: { reason } });
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

  it("says that it has no accounts", async () => {
    const { rig } = setUp({ auth: "local", refuse: { reason: "malformed_token" } });
    const panel = rig.openPanel();
    const serverUrl = "http://127.0.0.1:2/";
    const fault = expect.stringContaining("it pairs with a code");
    expect(await panel.link.call("check-server", { serverUrl })).toEqual({ fault });
    await expect(panel.link.call("use-server", { serverUrl })).rejects.toMatchObject({ message: fault });
    await panel.link.call("sign-in", { email: ANN, password: "right" });
    await expect.poll(() => panel.state().connection, FAST).toMatchObject({ status: "unauthorized", message: fault });
  });

  it("shows nothing when it takes the token for somebody else's", async () => {
    const { rig, servers } = setUp();
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
    const { fetch } = setUp();
    const rig = createKeeperRig({ fetch });
    const panel = rig.openPanel();
    const pairing = panel.link.call("pair", { serverUrl: "http://127.0.0.1:2", code: "right" });
    await expect(pairing).rejects.toMatchObject({ message: expect.stringContaining("accounts") });
  });
});

describe("another server", () => {
  it("is another history of the same person", async () => {
    const { rig } = setUp();
    const panel = rig.openPanel();
    await fill(panel);
    await panel.link.call("use-server", { serverUrl: "http://127.0.0.1:2/anything" });
    expect(panel.state()).toMatchObject({
      account: { userId: "ann", serverUrl: "http://127.0.0.1:2" },
      conversations: {},
    });
  });
});

const FAST = { interval: 2, timeout: 4_000 };

type Options = { auth?: "clerk" | "local"; refuse?: { reason: UnauthorizedReason | undefined } };

/** Two people with a server each behind one address, which knows them by their tokens. */
function setUp({ auth = "clerk", refuse }: Options = {}) {
  const newId = () => v7();
  const servers = { ann: createMemoryServer({ newId }), bea: createMemoryServer({ newId }) };
  servers.ann.signIn("ann");
  servers.bea.signIn("bea");
  const elsewhere = { ann: createMemoryServer({ newId }), bea: createMemoryServer({ newId }) };
  let isCut = false;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (isCut) throw new TypeError("fetch failed");
    const { pathname, port } = new URL(String(input));
    if (pathname === "/api/config") return Response.json({ auth, version: "1", features: [] });
    const token = new Headers(init?.headers).get("authorization");
    if (token === null) return refusal(404, "not_found");
    if (refuse) return refusal(401, "unauthorized", refuse.reason);
    const known = port === "2" ? elsewhere : servers;
    return (token === "Bearer token of bea" ? known.bea : known.ann).fetch(input, init);
  };
  const cut = () => {
    isCut = true;
    servers.ann.cutFeeds();
  };
  const device = v7();
  const people = createIdentityDouble({ [ANN]: "ann", [BEA]: "bea" });
  return { servers, people, device, fetch, cut, rig: createKeeperRig({ fetch, device, identity: people.identity }) };
}

/** Ann signs in, leaves a draft and asks something that is being answered. */
async function fill(panel: RigPanel): Promise<StartTurn> {
  const turn = question();
  await panel.link.call("sign-in", { email: ANN, password: "right" });
  await panel.link.call("save-draft", { key: "new", text: `a draft of ${MARKER}` });
  await panel.link.call("ask", turn);
  await expect.poll(() => turn.conversationId in panel.state().conversations, FAST).toBe(true);
  await panel.link.call("save-draft", { key: turn.conversationId, text: MARKER });
  await panel.link.call("ask", { ...question(), conversationId: turn.conversationId });
  await expect.poll(() => JSON.stringify(panel.state().pending), FAST).toContain(MARKER);
  return turn;
}

function question(): StartTurn {
  const message = { id: v7(), parts: [{ type: "text" as const, text: MARKER }] };
  return { turnId: v7(), conversationId: v7(), parentId: null, message };
}

function refusal(status: number, code: string, reason?: string): Response {
  return Response.json({ error: { code, message: "No.", requestId: "1", ...(reason && { reason }) } }, { status });
}
