import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { createKeeperRig, type RigPanel } from "../../tests/fixtures/keeper-rig.ts";
import { createMemoryServer, type Fault } from "../../tests/fixtures/memory-server.ts";
import { listedConversations } from "../chat/selectors.ts";
import type { StartTurn } from "../protocol/requests.ts";

describe("the outbox", () => {
  it.each<[string, Fault, "waiting" | "sending" | "queued"]>([
    ["a server that is not there", "refused-connection", "waiting"],
    ["an answer that got lost", "lost", "waiting"],
    ["a server that shuts down", { status: 503, code: "unavailable", retryAfter: 1 }, "waiting"],
    ["too many questions", { status: 429, code: "rate_limited", retryAfter: 1 }, "waiting"],
    ["a fault of the server", { status: 500, code: "internal" }, "waiting"],
    ["a conversation that is busy elsewhere", { status: 409, code: "turn_running" }, "queued"],
  ])("sends a question again after %s, under the same id", async (_, fault, between) => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const seen = watchStatuses(panel);
    const turn = question();
    server.faults.push(fault);
    await panel.link.call("ask", turn);
    await expect.poll(() => server.posts, FAST).toEqual([turn.turnId, turn.turnId]);
    await expect.poll(() => panel.state().pending, FAST).toEqual({});
    expect(server.running()).toEqual([turn.turnId]);
    expect(seen).toContain(between);
  });

  it.each<[string, { status: number; code: string }]>([
    ["too large", { status: 413, code: "too_large" }],
    ["malformed", { status: 400, code: "bad_request" }],
    ["from a forbidden origin", { status: 403, code: "forbidden" }],
  ])("keeps a question that is %s as refused, and gives it back", async (_, fault) => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const turn = question();
    server.faults.push(fault);
    await panel.link.call("ask", turn);
    await expect.poll(() => panel.state().pending[turn.turnId]?.status, FAST).toBe("refused");
    expect(panel.state().pending[turn.turnId]?.error).toBe(`It said ${fault.code}.`);
    const before = panel.snapshots();
    rig.killWorker();
    const restored = () => [panel.snapshots() > before, panel.state().pending[turn.turnId]?.status];
    await expect.poll(restored, FAST).toEqual([true, "refused"]);
    expect(await panel.link.call("unask", { turnId: turn.turnId })).toEqual({ turn });
    await expect.poll(() => panel.state().pending, FAST).toEqual({});
    expect(server.posts).toHaveLength(1);
  });

  it("sends the questions of a conversation one after the other, each when the former's turn has ended", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const conversationId = v7();
    const [first, second] = [question(conversationId), question(conversationId)];
    await panel.link.call("ask", first);
    await panel.link.call("ask", second);
    await expect.poll(() => panel.state().pending[second.turnId]?.status, FAST).toBe("queued");
    await expect.poll(() => server.running(), FAST).toEqual([first.turnId]);
    server.emit(first.turnId, { type: "completed", finishReason: "stop" });
    await expect.poll(() => server.running(), FAST).toEqual([second.turnId]);
  });

  it("does not wait for its own turn when the answer to it got lost", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const turn = question();
    server.faults.push("lost");
    await panel.link.call("ask", turn);
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
    server.emit(turn.turnId, { type: "text", delta: "already" });
    await expect.poll(() => server.posts.length, FAST).toBe(2);
    await expect.poll(() => panel.state().pending, FAST).toEqual({});
  });

  it("takes up after the worker's death what it had stored", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const turn = question();
    server.faults.push(...Array.from({ length: 3 }, (): Fault => "refused-connection"));
    await panel.link.call("ask", turn);
    rig.killWorker();
    rig.wake();
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
    expect(new Set(server.posts)).toEqual(new Set([turn.turnId]));
  });

  it("takes a question once, however often it is asked", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const turn = question();
    await Promise.all(Array.from({ length: 5 }, () => panel.link.call("ask", turn)));
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
  });

  it("gives back a question that waits", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const turn = question();
    server.faults.push({ status: 503, code: "unavailable", retryAfter: 600 });
    await panel.link.call("ask", turn);
    await expect.poll(() => panel.state().pending[turn.turnId]?.status, FAST).toBe("waiting");
    expect(await panel.link.call("unask", { turnId: turn.turnId })).toEqual({ turn });
    expect(await panel.link.call("unask", { turnId: turn.turnId })).toEqual({});
    expect(server.posts).toHaveLength(1);
  });

  it("has the conversation of a question that waits listed, and open to whoever comes back to it", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    const turn = question();
    server.faults.push({ status: 503, code: "unavailable", retryAfter: 600 });
    await panel.link.call("ask", turn);
    await expect.poll(() => panel.state().pending[turn.turnId]?.status, FAST).toBe("waiting");
    await panel.link.call("open", { conversationId: null });
    expect(listedConversations(panel.state()).map(({ id }) => id)).toEqual([turn.conversationId]);
    const opened = await panel.link.call("open", { conversationId: turn.conversationId });
    expect(opened).toEqual({ conversationId: turn.conversationId, messages: [], draft: "" });
  });
});

const FAST = { interval: 2, timeout: 10_000 };

function setUp() {
  const server = createMemoryServer({ newId: () => v7() });
  return { server, rig: createKeeperRig({ fetch: server.fetch }) };
}

function question(conversationId = v7()): StartTurn {
  return { turnId: v7(), conversationId, parentId: null, message: { id: v7(), parts: [{ type: "text", text: "?" }] } };
}

/** Every status that a pending question had. */
function watchStatuses(panel: RigPanel): string[] {
  const seen: string[] = [];
  panel.link.subscribe((push) => {
    if (push.type !== "batch") return;
    for (const change of push.changes) if (change.type === "pending") seen.push(change.question.status);
  });
  return seen;
}
