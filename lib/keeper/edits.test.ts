import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { FAST, losses, restart, sentEdits, withConversation } from "../../tests/fixtures/away-device.ts";
import { createKeeperRig, type RigPanel } from "../../tests/fixtures/keeper-rig.ts";
import { createMemoryServer, type Fault } from "../../tests/fixtures/memory-server.ts";

describe("an edit", () => {
  it("is shown at once and sent when the server can be reached, also by the next worker", async () => {
    const { server, rig, panel, id, line } = await withConversation();
    line.isCut = true;
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine" } });
    await panel.link.call("patch", { conversationId: id, patch: { pinned: true } });
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine, again" } });
    const mine = { title: "Mine, again", pinned: true, archived: false };
    await expect.poll(() => panel.state().conversations[id], FAST).toMatchObject(mine);
    expect(rig.alarm.isSet).toBe(true);
    await restart(rig, panel);
    await expect.poll(() => panel.state().conversations[id], FAST).toMatchObject(mine);
    expect(panel.state().unsentEdits).toBe(1);

    line.isCut = false;
    await expect.poll(() => server.history.conversation(id), FAST).toMatchObject(mine);
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    expect(server.history.patches).toEqual([{ key: id, patch: { title: "Mine, again", pinned: true } }]);
    expect(panel.state().conversations[id]).toEqual(server.history.conversation(id));
  });

  it.each<[string, Fault]>([
    ["a server that is not there", "refused-connection"],
    ["an answer that got lost", "lost"],
    ["a server that shuts down", { status: 503, code: "unavailable", retryAfter: 1 }],
    ["too many requests", { status: 429, code: "rate_limited", retryAfter: 1 }],
    ["a fault of the server", { status: 500, code: "internal" }],
  ])("is sent again after %s, and stays in view meanwhile", async (_, fault) => {
    const { server, panel, id } = await withConversation();
    const titles = watchTitles(panel, id);
    server.editFaults.push(fault, fault);
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine" } });
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    expect(server.history.conversation(id)?.title).toBe("Mine");
    expect(sentEdits(server)).toHaveLength(3);
    expect(titles.slice(titles.indexOf("Mine"))).toEqual(["Mine"]);
  });

  it("stays on top of what another device does meanwhile, and what is sent last wins", async () => {
    const { server, panel, id } = await withConversation();
    server.editFaults.push({ status: 503, code: "unavailable", retryAfter: 20 });
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine" } });
    server.history.patch(id, { title: "Theirs", pinned: true });
    await expect.poll(() => panel.state().conversations[id], FAST).toMatchObject({ title: "Mine", pinned: true });
    await expect.poll(() => server.history.conversation(id)?.title, FAST).toBe("Mine");
    server.history.patch(id, { title: "Theirs, again" });
    await expect.poll(() => panel.state().conversations[id]?.title, FAST).toBe("Theirs, again");
  });

  it("that the server refuses is taken back, and said", async () => {
    const { server, rig, panel, id } = await withConversation();
    const title = server.history.conversation(id)?.title;
    server.editFaults.push({ status: 400, code: "bad_request" });
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine" } });
    await expect
      .poll(() => losses(panel), FAST)
      .toMatchObject([{ title, what: "edit", reason: "It said bad_request." }]);
    expect(panel.state().conversations[id]?.title).toBe(title);

    await restart(rig, panel);
    await expect.poll(() => losses(panel), FAST).toHaveLength(1);
    for (const { id } of losses(panel)) await panel.link.call("dismiss", { id });
    await expect.poll(() => losses(panel), FAST).toEqual([]);
    expect(sentEdits(server)).toHaveLength(1);
  });

  it("of settings is the person's: another device has it", async () => {
    const { server, panel } = await withConversation();
    const other = createKeeperRig({ fetch: server.fetch }).openPanel();
    await expect.poll(() => other.state().connection.status, FAST).toBe("online");
    await panel.link.call("set-settings", { model: "m" });
    await expect.poll(() => other.state().settings, FAST).toEqual({ model: "m" });
    await other.link.call("set-settings", { model: null });
    await expect.poll(() => panel.state().settings, FAST).toEqual({});
  });

  it("of the device's own model of old moves to the person once, unless there is a newer choice", async () => {
    const server = createMemoryServer({ newId: () => v7() });
    for (const [model, settled] of [
      ["old", "old"],
      ["older", "old"],
    ] as const) {
      const rig = createKeeperRig({ fetch: server.fetch });
      await rig.settings.save({ model });
      const panel = rig.openPanel();
      await expect.poll(async () => (await rig.settings.read()).model, FAST).toBeUndefined();
      await expect.poll(() => panel.state().settings.model, FAST).toBe(settled);
      await expect.poll(() => server.history.settings().model, FAST).toBe(settled);
    }
  });
});

describe("a read mark", () => {
  it("clears the dot and the icon on the other devices, and never flickers here", async () => {
    const { server, rig, panel, id } = await withConversation({ isEnded: true });
    const other = createKeeperRig({ fetch: server.fetch });
    const far = other.openPanel();
    await expect.poll(() => far.state().conversations[id]?.unread, FAST).toBe(true);
    await expect.poll(() => other.badges.at(-1)?.kind, FAST).toBe("unread");
    await expect.poll(() => rig.badges.at(-1)?.kind, FAST).toBe("unread");
    const seen: (boolean | undefined)[] = [];
    panel.link.subscribe(() => void seen.push(panel.state().conversations[id]?.unread));
    await panel.link.call("open", { conversationId: id });
    await panel.link.call("open", { conversationId: null });
    await expect.poll(() => far.state().conversations[id]?.unread, FAST).toBe(false);
    await expect.poll(() => other.badges.at(-1)?.kind, FAST).toBe("none");
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    expect(rig.badges.at(-1)?.kind).toBe("none");
    expect(new Set(seen.filter((unread) => unread !== undefined))).toEqual(new Set([false]));
    expect(sentEdits(server)).toHaveLength(1);
  });

  it("is set for an answer that ends in view, which is not unread for a moment", async () => {
    const { server, panel, id, turn } = await withConversation();
    await panel.link.call("open", { conversationId: id });
    const seen = new Set<boolean | undefined>();
    panel.link.subscribe(() => void seen.add(panel.state().conversations[id]?.unread));
    server.emit(turn.turnId, { type: "completed", finishReason: "stop" });
    await expect.poll(() => server.history.patches, FAST).toMatchObject([{ key: id }]);
    await expect.poll(() => server.history.conversation(id)?.unread, FAST).toBe(false);
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    expect(seen.has(true)).toBe(false);
  });
});

describe("a device that was away", () => {
  it("catches up with 50 changes by one pull", async () => {
    const { server, panel, id, line } = await withConversation();
    line.isCut = true;
    server.cutFeeds();
    await expect.poll(() => panel.state().connection.status, FAST).toBe("reconnecting");
    for (let index = 0; index < 49; index += 1) beginConversation(server, index);
    server.history.patch(id, { title: "The fiftieth" });
    server.requests.length = 0;
    line.isCut = false;
    await expect.poll(() => panel.state().conversations[id]?.title, FAST).toBe("The fiftieth");
    await expect.poll(() => panel.state().models, FAST).toBeDefined();
    expect(Object.keys(panel.state().conversations)).toHaveLength(50);
    // What is told after all that has been pulled too.
    await panel.link.call("patch", { conversationId: id, patch: { pinned: true } });
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    const upToEdit = server.requests.slice(
      0,
      server.requests.findIndex((route) => route.startsWith("PATCH")),
    );
    expect(upToEdit.filter((route) => route === "GET /api/changes")).toHaveLength(1);
  });
});

function beginConversation(server: ReturnType<typeof createMemoryServer>, index: number): void {
  const createdAt = new Date(1_700_000_000_000 + index).toISOString();
  const flags = { pinned: false, archived: false, unread: false, createdAt, updatedAt: createdAt };
  server.history.saveConversation({ id: v7(), title: `Number ${index}`, ...flags });
}

/** Every title that a panel has shown for a conversation, as it changed. */
function watchTitles(panel: RigPanel, id: string): string[] {
  const seen: string[] = [];
  panel.link.subscribe(() => {
    const title = panel.state().conversations[id]?.title;
    if (title !== undefined && title !== seen.at(-1)) seen.push(title);
  });
  return seen;
}
