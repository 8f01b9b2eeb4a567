import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { createKeeperRig, type RigPanel } from "../../tests/fixtures/keeper-rig.ts";
import { createMemoryServer } from "../../tests/fixtures/memory-server.ts";
import type { TerminalEvent } from "../protocol/events.ts";
import type { StartTurn } from "../protocol/requests.ts";

const completed: TerminalEvent = { type: "completed", finishReason: "stop" };

describe("an answer that ends", () => {
  it.each([
    ["while its conversation is shown", "same", { unread: false, notices: 0, badge: "none" }],
    ["while another conversation is shown", "other", { unread: true, notices: 0, badge: "unread" }],
    ["while no panel is open", "closed", { unread: true, notices: 1, badge: "unread" }],
  ] as const)("%s", async (_, shown, wanted) => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    await expect.poll(() => rig.badges.at(-1), FAST).toEqual({ kind: "running", count: 1 });
    await panel.link.call("open", { conversationId: shown === "same" ? turn.conversationId : null });
    if (shown === "closed") panel.close();
    server.emit(turn.turnId, { type: "text", delta: "The  end\nof it." });
    server.emit(turn.turnId, completed);
    await expect.poll(() => rig.badges.at(-1)?.kind, FAST).toBe(wanted.badge);

    const late = rig.openPanel();
    await expect.poll(() => late.state().conversations[turn.conversationId]?.unread, FAST).toBe(wanted.unread);
    expect(rig.notices).toHaveLength(wanted.notices);
    if (wanted.notices > 0) expect(rig.notices[0]?.message).toBe("The end of it.");
  });

  it("is read when the person saw its end and was elsewhere before that came as history", async () => {
    const server = createMemoryServer({ newId: () => v7() });
    const history = Promise.withResolvers<void>();
    let isHeld = false;
    const rig = createKeeperRig({
      async fetch(input, init) {
        if (isHeld && String(input).includes("/api/changes")) await history.promise;
        return server.fetch(input, init);
      },
    });
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    await panel.link.call("open", { conversationId: turn.conversationId });
    isHeld = true;
    server.emit(turn.turnId, completed);
    await expect.poll(() => panel.state().turns[turn.turnId]?.state.status, FAST).toBe("complete");
    await panel.link.call("open", { conversationId: null });
    history.resolve();
    await expect.poll(() => server.history.conversation(turn.conversationId)?.unread, FAST).toBe(false);
    await expect.poll(() => rig.badges.at(-1)?.kind, FAST).toBe("none");
  });

  it("stays unread over the worker's death and is read by opening it", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    panel.close();
    server.emit(turn.turnId, completed);
    await expect.poll(() => rig.notices.length, FAST).toBe(1);
    rig.killWorker();

    const late = rig.openPanel();
    await expect.poll(() => late.state().conversations[turn.conversationId]?.unread, FAST).toBe(true);
    expect((await late.link.call("home", {})).conversationId).toBeNull();
    await late.link.call("open", { conversationId: turn.conversationId });
    await expect.poll(() => late.state().conversations[turn.conversationId]?.unread, FAST).toBe(false);
    await expect.poll(() => rig.badges.at(-1)?.kind, FAST).toBe("none");
    const before = late.snapshots();
    rig.killWorker();
    const restored = () => [late.snapshots() > before, late.state().conversations[turn.conversationId]?.unread];
    await expect.poll(restored, FAST).toEqual([true, false]);
  });

  it("is noticed when the worker was dead at its end", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    panel.close();
    rig.killWorker();
    server.emit(turn.turnId, completed);
    rig.wake();
    await expect
      .poll(() => rig.notices.map(({ conversationId }) => conversationId), FAST)
      .toEqual([turn.conversationId]);
  });

  it("is no news to a device that syncs for the first time", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    server.emit(turn.turnId, completed);
    rig.killWorker();
    panel.close();

    const other = createKeeperRig({ fetch: server.fetch });
    const fresh = other.openPanel();
    // Whether it was read the server knows.
    await expect.poll(() => fresh.state().conversations[turn.conversationId]?.unread, FAST).toBe(true);
    expect(other.notices).toEqual([]);
  });
});

describe("the worker", () => {
  it("is kept alive while a turn runs, and let go after it", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    panel.close();
    expect(rig.alarm.isSet).toBe(true);
    const before = rig.touches.count;
    await expect.poll(() => rig.touches.count, FAST).toBeGreaterThan(before + 1);
    server.emit(turn.turnId, completed);
    await expect.poll(() => rig.alarm.isSet, FAST).toBe(false);
  });

  it("that was woken keeps the alarm until it knows that nothing runs", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await running(panel, server, turn);
    panel.close();
    rig.killWorker();
    expect(rig.alarm.isSet).toBe(true);
    rig.wake();
    await expect.poll(() => rig.badges.at(-1), FAST).toEqual({ kind: "running", count: 1 });
    expect(rig.alarm.isSet).toBe(true);
    server.emit(turn.turnId, completed);
    await expect.poll(() => rig.alarm.isSet, FAST).toBe(false);
  });
});

const FAST = { interval: 2, timeout: 10_000 };

function setUp() {
  const server = createMemoryServer({ newId: () => v7() });
  return { server, rig: createKeeperRig({ fetch: server.fetch }) };
}

async function running(panel: RigPanel, server: ReturnType<typeof createMemoryServer>, turn: StartTurn): Promise<void> {
  await panel.link.call("ask", turn);
  await expect.poll(() => server.running(), FAST).toContain(turn.turnId);
  server.emit(turn.turnId, { type: "started", model: "demo", messageId: v7() });
  await expect.poll(() => turn.turnId in panel.state().turns, FAST).toBe(true);
}

function question(): StartTurn {
  const message: StartTurn["message"] = { id: v7(), parts: [{ type: "text", text: "?" }] };
  return { turnId: v7(), conversationId: v7(), parentId: null, message };
}
