import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChange, EMPTY_KEEPER, type KeeperState } from "../messaging/keeper-state.ts";
import type { Message } from "../protocol/messages.ts";
import type { OpenView } from "./chat-state.ts";
import { threadOf } from "./thread.ts";

const CONVERSATION = id(0);

describe("threadOf", () => {
  it("shows the newest branch, and another one when it is chosen", () => {
    const messages = [
      row(1, null, "user"),
      row(2, 1, "assistant"),
      row(3, 2, "user"),
      row(4, 3, "assistant"),
      row(5, 2, "user"),
      row(6, 5, "assistant"),
    ];
    expect(ids(threadOf(view(messages), EMPTY_KEEPER))).toEqual([id(1), id(2), id(5), id(6)]);
    const chosen = threadOf(view(messages, { [id(2)]: id(3) }), EMPTY_KEEPER);
    expect(ids(chosen)).toEqual([id(1), id(2), id(3), id(4)]);
    expect(chosen[2]?.alternatives).toEqual([id(3), id(5)]);
  });

  it("begins at the oldest message that is loaded", () => {
    expect(ids(threadOf(view([row(7, 6, "user"), row(8, 7, "assistant")]), EMPTY_KEEPER))).toEqual([id(7), id(8)]);
  });

  it("shows a running answer as it stands, with and without its row, and the row once it has ended", () => {
    const question = row(1, null, "user");
    const answer: Message = { ...row(2, 1, "assistant"), turnId: question.turnId };
    const streaming = { ...answer, status: "streaming" as const, parts: [] };
    const keeper = running(question.turnId, answer.id, "so far");
    const shown = [{ type: "text", text: "so far" }];
    expect(threadOf(view([question]), keeper).at(-1)?.message).toMatchObject({ id: answer.id, parts: shown });
    expect(threadOf(view([question, streaming]), keeper).at(-1)?.message.parts).toEqual(shown);
    expect(threadOf(view([question, answer]), keeper).at(-1)?.message).toBe(answer);
  });

  it("shows a pending question of another panel, with its state", () => {
    const turn = {
      turnId: id(50),
      conversationId: CONVERSATION,
      parentId: id(2),
      message: { id: id(3), parts: [{ type: "text" as const, text: "and?" }] },
    };
    const question = { turn, status: "waiting" as const, askedAt: time(3) };
    const keeper = applyChange(EMPTY_KEEPER, { type: "pending", question });
    const thread = threadOf(view([row(1, null, "user"), row(2, 1, "assistant")]), keeper);
    expect(thread.at(-1)).toMatchObject({ message: { id: id(3) }, pending: { status: "waiting" } });
  });

  it("keeps the identity of rows that did not change, so that only the running answer is rendered again", () => {
    const question = row(1, null, "user");
    const before = threadOf(view([question]), running(question.turnId, id(2), "a"));
    const after = threadOf(view([question]), running(question.turnId, id(2), "ab"));
    expect(after[0]?.message).toBe(before[0]?.message);
    expect(after[1]?.message).not.toBe(before[1]?.message);
  });

  it("shows what runs and what waits as it will show their rows, whatever the tree and the choices", () => {
    // Each turn: below which earlier answer it was asked, whether its answer runs, whether its question still waits.
    const turns = fc.array(fc.record({ below: fc.nat(), runs: fc.boolean(), waits: fc.boolean() }), { maxLength: 12 });
    const picks = fc.array(fc.tuple(fc.nat(24), fc.nat(24)));
    fc.assert(
      fc.property(turns, picks, (list, chosen) => {
        const rows = list.flatMap(({ below }, index) => {
          const parent = below % (index + 1) === 0 ? null : (below % (index + 1)) * 2;
          const question = row(index * 2 + 1, parent, "user");
          const answer = { ...row(index * 2 + 2, index * 2 + 1, "assistant"), turnId: question.turnId };
          return [question, { ...answer, createdAt: question.createdAt, status: "streaming" as const, model: "m" }];
        });
        const isLive = (_: Message, index: number) => {
          const turn = list[Math.floor(index / 2)];
          return (index % 2 === 0 ? turn?.waits : turn?.runs) === true;
        };
        const keeper = rows.filter(isLive).reduce(withLive, EMPTY_KEEPER);
        const choices = Object.fromEntries(chosen.map(([parent, child]) => [parent ? id(parent) : "root", id(child)]));
        const saved = rows.filter((message, index) => !isLive(message, index));
        const shown = threadOf(view(saved, choices), keeper);
        const later = threadOf(view(rows, choices), EMPTY_KEEPER);
        expect(shown.map(({ message }) => message)).toEqual(later.map(({ message }) => message));
        expect(shown.map(({ alternatives }) => alternatives)).toEqual(later.map(({ alternatives }) => alternatives));
        for (const { message, pending } of shown)
          expect(pending?.turn.turnId).toBe(
            keeper.pending[message.turnId] && message.role === "user" ? message.turnId : undefined,
          );
      }),
    );
  });

  it("is one path from a root to a leaf, whatever the tree and the choices", () => {
    const tree = fc
      .array(fc.nat(), { minLength: 1, maxLength: 30 })
      .map((picks) =>
        picks.map((pick, index) => row(index + 1, index === 0 || pick % 5 === 0 ? null : (pick % index) + 1, "user")),
      );
    fc.assert(
      fc.property(tree, fc.array(fc.tuple(fc.nat(30), fc.nat(30))), (messages, picks) => {
        const choices = Object.fromEntries(picks.map(([parent, child]) => [parent ? id(parent) : "root", id(child)]));
        const thread = threadOf(view(messages, choices), EMPTY_KEEPER);
        expect(thread[0]?.message.parentId).toBeNull();
        for (const [index, item] of thread.entries()) {
          if (index > 0) expect(item.message.parentId).toBe(thread[index - 1]?.message.id);
          expect(item.alternatives).toContain(item.message.id);
        }
        const leaf = thread.at(-1)?.message.id;
        expect(messages.some(({ parentId }) => parentId === leaf)).toBe(false);
      }),
    );
  });
});

function view(messages: readonly Message[], choices: Record<string, string> = {}): OpenView {
  const byId = Object.fromEntries(messages.map((message) => [message.id, message]));
  return { status: "open", conversationId: CONVERSATION, messages: byId, older: "idle", choices };
}

/** A keeper that knows this message and no row of it: a running answer, or a question on its way. */
function withLive(
  keeper: KeeperState,
  { id: messageId, turnId, parentId, role, parts, createdAt }: Message,
): KeeperState {
  const text = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
  if (role === "assistant") return { ...keeper, turns: { ...keeper.turns, ...running(turnId, messageId, text).turns } };
  const message = { id: messageId, parts: [{ type: "text" as const, text }] };
  const turn = { turnId, conversationId: CONVERSATION, parentId, message };
  return applyChange(keeper, { type: "pending", question: { turn, status: "queued", askedAt: createdAt } });
}

function running(turnId: string, messageId: string, delta: string): KeeperState {
  const events = [
    { seq: 1, event: { type: "started" as const, model: "m", messageId } },
    { seq: 2, event: { type: "text" as const, delta } },
  ];
  return applyChange(EMPTY_KEEPER, { type: "turn-events", turnId, conversationId: CONVERSATION, events });
}

function row(n: number, parent: number | null, role: Message["role"]): Message {
  return {
    id: id(n),
    conversationId: CONVERSATION,
    parentId: parent === null ? null : id(parent),
    turnId: id(100 + n),
    role,
    parts: [{ type: "text", text: String(n) }],
    status: "complete",
    createdAt: time(n),
  };
}

function ids(thread: ReturnType<typeof threadOf>): string[] {
  return thread.map(({ message }) => message.id);
}

function id(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

function time(n: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();
}
