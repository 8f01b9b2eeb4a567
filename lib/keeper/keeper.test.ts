import * as fc from "fast-check";
import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { createKeeperRig, type RigPanel } from "../../tests/fixtures/keeper-rig.ts";
import { createMemoryServer } from "../../tests/fixtures/memory-server.ts";
import type { Message } from "../protocol/messages.ts";
import type { StartTurn } from "../protocol/requests.ts";

describe("the keeper", () => {
  it("never mixes eight turns at once, whatever breaks meanwhile", async () => {
    const step = fc.oneof(
      { weight: 20, arbitrary: fc.record({ kind: fc.constant("event"), turn: fc.nat({ max: 7 }) }) },
      { weight: 2, arbitrary: fc.constant({ kind: "cut", turn: 0 }) },
      { weight: 2, arbitrary: fc.constant({ kind: "kill", turn: 0 }) },
      { weight: 2, arbitrary: fc.constant({ kind: "panel", turn: 0 }) },
      { weight: 8, arbitrary: fc.constant({ kind: "breathe", turn: 0 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 120 }), async (steps) => {
        const { server, rig } = setUp();
        const questions = Array.from({ length: 8 }, () => question());
        let panel = rig.openPanel();
        await Promise.all(questions.map((turn) => panel.link.call("ask", turn)));
        await expect.poll(() => server.running().length, FAST).toBe(8);

        for (const [index, { kind, turn }] of steps.entries()) {
          const turnId = questions[turn]?.turnId ?? "";
          if (kind === "event") server.emit(turnId, { type: "text", delta: `${turn}:${index} ` });
          if (kind === "cut") server.cutFeeds();
          if (kind === "kill") rig.killWorker();
          if (kind === "panel") {
            panel.close();
            panel = rig.openPanel();
          }
          if (kind === "breathe") await new Promise((resolve) => setImmediate(resolve));
        }
        rig.wake();
        for (const [turn, { turnId }] of questions.entries()) {
          const told = steps.flatMap((step, index) =>
            step.kind === "event" && step.turn === turn ? [`${turn}:${index} `] : [],
          );
          await expect.poll(() => textOf(panel, turnId) ?? "", FAST).toBe(told.join(""));
        }
        for (const { turnId } of questions) server.emit(turnId, { type: "completed", finishReason: "stop" });

        for (const { turnId, conversationId } of questions) {
          await expect.poll(() => answersIn(panel, conversationId), FAST).toEqual([server.answerOf(turnId)]);
        }
        await settled(panel);
        panel.close();
        rig.killWorker();
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it("shows a panel that opens late the whole of a running turn, and its rest as it comes", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const asking = rig.openPanel();
    await asking.link.call("ask", turn);
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
    asking.close();
    server.emit(turn.turnId, { type: "text", delta: "one " });
    const panel = rig.openPanel();
    await expect.poll(() => textOf(panel, turn.turnId), FAST).toBe("one ");
    server.emit(turn.turnId, { type: "text", delta: "two" });
    await expect.poll(() => textOf(panel, turn.turnId), FAST).toBe("one two");
    expect(await panel.link.call("home", {})).toEqual({ conversationId: turn.conversationId, draft: "" });
  });

  it("never takes text back from a panel when the worker dies and comes back", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    const lengths: number[] = [];
    await panel.link.call("ask", turn);
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
    for (const delta of ["one ", "two ", "three "]) {
      server.emit(turn.turnId, { type: "text", delta });
      await expect.poll(() => textOf(panel, turn.turnId)?.endsWith(delta), FAST).toBe(true);
      const end = panel.link.subscribe(() => void lengths.push(textOf(panel, turn.turnId)?.length ?? 0));
      rig.killWorker();
      await expect.poll(() => lengths.length, FAST).toBeGreaterThan(0);
      end();
      expect(lengths).toEqual(lengths.map(() => textOf(panel, turn.turnId)?.length));
      lengths.length = 0;
    }
  });

  it("connects by a code, and shows another account nothing of the one before", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    await panel.link.call("ask", question());
    await expect.poll(() => Object.keys(panel.state().conversations).length, FAST).toBe(1);
    await rig.settings.save({ token: undefined });
    await expect
      .poll(() => panel.state(), FAST)
      .toMatchObject({
        connection: { status: "unpaired" },
        conversations: {},
        turns: {},
      });
    await expect(panel.link.call("pair", { serverUrl: "http://127.0.0.1:1", code: "wrong" })).rejects.toMatchObject({
      code: "bad_request",
    });
    server.signIn("you");
    await panel.link.call("pair", { serverUrl: "http://127.0.0.1:1/x", code: " right " });
    expect(await rig.settings.read()).toMatchObject({ serverUrl: "http://127.0.0.1:1", account: { userId: "you" } });
    await expect.poll(() => panel.state().connection.status, FAST).toBe("online");
  });

  it("pushes the rows of the conversation that a panel shows, and no others", async () => {
    const { server, rig } = setUp();
    const [shown, other] = [question(), question()];
    const panel = rig.openPanel();
    await panel.link.call("open", { conversationId: shown.conversationId });
    await panel.link.call("ask", shown);
    await panel.link.call("ask", other);
    await expect.poll(() => server.running().length, FAST).toBe(2);
    for (const { turnId } of [shown, other]) server.emit(turnId, { type: "completed", finishReason: "stop" });
    const rows = () => [...panel.messages.values()].map(({ turnId, status }) => [turnId, status]);
    await expect.poll(rows, FAST).toEqual([
      [shown.turnId, "complete"],
      [shown.turnId, "complete"],
    ]);
  });

  it("shows history offline, also after the worker's death", async () => {
    const { server, rig, device } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await panel.link.call("ask", turn);
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
    server.emit(turn.turnId, { type: "text", delta: "kept" });
    server.emit(turn.turnId, { type: "completed", finishReason: "stop" });
    await expect.poll(() => answersIn(panel, turn.conversationId), FAST).toEqual([server.answerOf(turn.turnId)]);
    const account = await rig.settings.read();
    rig.killWorker();

    const offline = createKeeperRig({ device, fetch: () => Promise.reject(new TypeError("fetch failed")) });
    await offline.settings.save(account);
    const late = offline.openPanel();
    const view = await late.link.call("open", { conversationId: turn.conversationId });
    expect(view?.messages.at(-1)).toEqual(server.answerOf(turn.turnId));
    await expect.poll(() => late.state().connection.status, FAST).toBe("reconnecting");
  });

  it("begins again when the server's history is another one", async () => {
    const { server, rig } = setUp();
    const panel = rig.openPanel();
    await panel.link.call("ask", question());
    await expect.poll(() => Object.keys(panel.state().conversations).length, FAST).toBe(1);
    server.forgetHistory();
    await expect.poll(() => Object.keys(panel.state().conversations).length, FAST).toBe(0);
    expect(panel.state().turns).toEqual({});
  });

  it("forgets a conversation that is deleted while its turn runs", async () => {
    const { server, rig } = setUp();
    const turn = question();
    const panel = rig.openPanel();
    await panel.link.call("ask", turn);
    await expect.poll(() => server.running(), FAST).toEqual([turn.turnId]);
    server.emit(turn.turnId, { type: "text", delta: "never" });
    await expect.poll(() => textOf(panel, turn.turnId), FAST).toBe("never");
    await panel.link.call("delete", { conversationId: turn.conversationId });
    await expect.poll(() => panel.state().turns, FAST).toEqual({});
    expect(await panel.link.call("open", { conversationId: turn.conversationId })).toMatchObject({ messages: [] });
  });

  it("hands an intent to the panel that is just opening", async () => {
    const { rig } = setUp();
    rig.keeper().intend(7, "ask-selection");
    const panel = rig.openPanel(7);
    await expect.poll(() => panel.intents, FAST).toEqual(["ask-selection"]);
  });

  it("shows first what the person asked for outside of a panel, and that once", async () => {
    const { server, rig } = setUp();
    const [shown, wanted] = [question(), v7()];
    const panel = rig.openPanel();
    await panel.link.call("ask", shown);
    await expect.poll(() => server.running(), FAST).toEqual([shown.turnId]);
    server.emit(shown.turnId, { type: "text", delta: "runs" });
    await expect.poll(() => textOf(panel, shown.turnId), FAST).toBe("runs");
    rig.keeper().showNext(wanted);
    expect((await panel.link.call("home", {})).conversationId).toBe(wanted);
    expect((await panel.link.call("home", {})).conversationId).toBe(shown.conversationId);
  });

  it("refuses what needs a server while there is no account", async () => {
    const { rig } = setUp();
    await rig.settings.save({ token: undefined });
    const panel = rig.openPanel();
    await expect(panel.link.call("ask", question())).rejects.toMatchObject({ code: "unpaired" });
    expect(await panel.link.call("home", {})).toEqual({ conversationId: null, draft: "" });
    await expect.poll(() => panel.state().connection.status, FAST).toBe("unpaired");
  });
});

const FAST = { interval: 2, timeout: 10_000 };

function setUp() {
  const server = createMemoryServer({ newId: () => v7() });
  const device = v7();
  return { server, device, rig: createKeeperRig({ fetch: server.fetch, device }) };
}

function question(conversationId = v7()): StartTurn {
  return { turnId: v7(), conversationId, parentId: null, message: { id: v7(), parts: [{ type: "text", text: "?" }] } };
}

function textOf(panel: RigPanel, turnId: string): string | undefined {
  return panel
    .state()
    .turns[turnId]?.state.parts.map((part) => (part.type === "text" ? part.text : ""))
    .join("");
}

async function answersIn(panel: RigPanel, conversationId: string): Promise<Message[]> {
  const view = await panel.link.call("open", { conversationId });
  return view?.messages.filter(({ role }) => role === "assistant") ?? [];
}

/** Nothing runs, nothing waits, everything is saved. */
async function settled(panel: RigPanel): Promise<void> {
  await expect
    .poll(
      () => [panel.state().connection.status, Object.keys(panel.state().pending), Object.keys(panel.state().turns)],
      FAST,
    )
    .toEqual(["online", [], []]);
}
