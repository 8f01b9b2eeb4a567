import { v7 } from "uuid";
import { describe, expect, it, vi } from "vitest";
import { ANN, BEA, FAST, fill, keeperWithPeople, MARKER } from "../../tests/fixtures/keeper-people.ts";
import { createKeeperRig } from "../../tests/fixtures/keeper-rig.ts";
import { keptTexts } from "../../tests/fixtures/kept-texts.ts";
import { createMemoryServer } from "../../tests/fixtures/memory-server.ts";

describe("signing out", () => {
  it("leaves nothing of the person: not on this device, not in any panel, not for the next person", async () => {
    const { rig, device } = keeperWithPeople();
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
    const { rig, device, people, cut } = keeperWithPeople();
    const panel = rig.openPanel();
    await fill(panel);
    people.setDown(true);
    cut();
    await panel.link.call("sign-out", {});
    expect(panel.state().connection.status).toBe("signed-out");
    expect(await keptTexts(device)).toEqual([]);
  });

  it("is done by the next worker when one dies in the middle of it", async () => {
    const { rig, device, people } = keeperWithPeople();
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

  it("happens although the database is broken, and the failure is reported", async () => {
    const { rig, people } = keeperWithPeople();
    const panel = rig.openPanel();
    await fill(panel);
    rig.notices.push({ conversationId: v7(), title: "An answer", message: MARKER });
    vi.spyOn(indexedDB, "databases").mockRejectedValueOnce(new DOMException("broken by the test", "UnknownError"));
    await expect(panel.link.call("sign-out", {})).rejects.toThrow();
    expect(rig.faults).toContainEqual(expect.objectContaining({ name: "AggregateError" }));
    expect(await people.identity.current()).toBeUndefined();
    expect(rig.notices).toEqual([]);
    await expect.poll(() => panel.state().connection.status, FAST).toBe("signed-out");
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

  it("does nothing when the panel that asks still shows somebody who is gone", async () => {
    const { rig, device, people } = keeperWithPeople();
    const panel = rig.openPanel();
    await fill(panel);
    people.become(BEA);
    // The panel has not heard of her yet: this is Ann's click.
    const late = panel.link.call("sign-out", {});
    await expect(late).rejects.toThrow();
    await expect.poll(() => panel.state().connection.status, FAST).toBe("online");
    expect(panel.state().account?.userId).toBe("bea");
    expect(await people.identity.current()).toMatchObject({ userId: "bea" });
    await panel.link.call("save-draft", { key: "new", text: "a draft of bea" });
    expect((await keptTexts(device)).join()).toContain("a draft of bea");
  });
});
