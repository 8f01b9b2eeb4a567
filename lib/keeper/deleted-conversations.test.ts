import { describe, expect, it } from "vitest";
import { FAST, losses, question, restart, sentEdits, withConversation } from "../../tests/fixtures/away-device.ts";

describe("a deletion", () => {
  it("is shown at once, sent later, and gone is gone", async () => {
    const { server, rig, panel, id, line } = await withConversation();
    line.isCut = true;
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine" } });
    await panel.link.call("delete", { conversationId: id });
    await expect.poll(() => id in panel.state().conversations, FAST).toBe(false);
    await restart(rig, panel);
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(1);
    expect(panel.state().conversations).toEqual({});
    line.isCut = false;
    await expect.poll(() => server.history.isDeleted(id), FAST).toBe(true);
    await expect.poll(() => panel.state().unsentEdits ?? 0, FAST).toBe(0);
    expect(losses(panel)).toEqual([]);
    expect(server.history.patches).toEqual([]);
  });

  it("drops the question that waits to begin the conversation", async () => {
    const { server, panel, line } = await withConversation();
    line.isCut = true;
    const turn = question();
    await panel.link.call("ask", turn);
    await panel.link.call("delete", { conversationId: turn.conversationId });
    await expect.poll(() => panel.state().pending, FAST).toEqual({});
    line.isCut = false;
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    expect(server.posts).not.toContain(turn.turnId);
    expect(losses(panel)).toEqual([]);
  });

  it("that another device was faster with is fine", async () => {
    const { server, panel, id } = await withConversation();
    server.editFaults.push({ status: 404, code: "not_found" });
    await panel.link.call("delete", { conversationId: id });
    server.history.remove(id);
    await expect.poll(() => panel.state().unsentEdits ?? 0, FAST).toBe(0);
    await expect.poll(() => panel.state().conversations, FAST).toEqual({});
    expect(losses(panel)).toEqual([]);
  });
});

describe("a conversation that was deleted elsewhere", () => {
  it("tells what was changed here meanwhile, and gives the words of a question back", async () => {
    const { server, rig, panel, id, line } = await withConversation();
    line.isCut = true;
    await panel.link.call("patch", { conversationId: id, patch: { title: "Mine" } });
    const turn = question(id, "And why?");
    await panel.link.call("ask", turn);
    await expect.poll(() => turn.turnId in panel.state().pending, FAST).toBe(true);
    server.history.remove(id);
    line.isCut = false;
    const expected = [
      { id, title: "Mine", what: "edit" },
      { id: turn.turnId, title: "Mine", what: "question", text: "And why?" },
    ];
    await expect.poll(() => losses(panel), FAST).toEqual(expected);
    await expect.poll(() => [panel.state().conversations, panel.state().pending], FAST).toEqual([{}, {}]);
    await restart(rig, panel);
    await expect.poll(() => losses(panel), FAST).toEqual(expected);
    expect(panel.state().pending).toEqual({});
  });

  it("gives the words of a question back that is asked a moment later", async () => {
    const { server, panel, id } = await withConversation();
    server.history.remove(id);
    await expect.poll(() => panel.state().conversations, FAST).toEqual({});
    const turn = question(id, "And why?");
    await panel.link.call("ask", turn);
    await expect
      .poll(() => losses(panel), FAST)
      .toEqual([{ id: turn.turnId, title: "", what: "question", text: "And why?" }]);
    await expect.poll(() => panel.state().pending, FAST).toEqual({});
  });

  it("is no loss when it was only read here", async () => {
    const { server, panel, id, line } = await withConversation({ isEnded: true });
    line.isCut = true;
    await panel.link.call("open", { conversationId: id });
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(1);
    server.history.remove(id);
    line.isCut = false;
    await expect.poll(() => panel.state().conversations, FAST).toEqual({});
    expect(losses(panel)).toEqual([]);
  });
});

describe("an edit of a conversation that is not begun", () => {
  it("waits for its first question", async () => {
    const { server, panel } = await withConversation();
    const turn = question();
    server.faults.push({ status: 503, code: "unavailable", retryAfter: 20 });
    await panel.link.call("ask", turn);
    await panel.link.call("patch", { conversationId: turn.conversationId, patch: { title: "Mine" } });
    await expect.poll(() => server.history.conversation(turn.conversationId)?.title, FAST).toBe("Mine");
    expect(sentEdits(server)).toHaveLength(1);
  });

  it("ends with that question when it is taken back", async () => {
    const { server, panel } = await withConversation();
    const turn = question();
    server.faults.push({ status: 503, code: "unavailable", retryAfter: 600 });
    await panel.link.call("ask", turn);
    await panel.link.call("patch", { conversationId: turn.conversationId, patch: { title: "Mine" } });
    await expect.poll(() => panel.state().pending[turn.turnId]?.status, FAST).toBe("waiting");
    await panel.link.call("unask", { turnId: turn.turnId });
    await expect.poll(() => panel.state().unsentEdits, FAST).toBe(0);
    expect(sentEdits(server)).toEqual([]);
  });
});
