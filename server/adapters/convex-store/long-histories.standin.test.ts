import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HistoryAtConvex, historyAtConvex } from "../../../tests/fixtures/convex-history.ts";
import type { OpenTurn, Store } from "../../ports/store.ts";
import {
  ALICE,
  allChanges,
  allMessages,
  answerOf,
  emptyAnswerOf,
  questionOf,
  turnAfter,
  turnOf,
} from "../../ports/store-contract/samples.ts";

let history: HistoryAtConvex;
let store: Store;

beforeEach(async () => {
  history = await historyAtConvex();
  store = history.openStore({ timeouts: { attemptMs: 30_000, totalMs: 60_000 } });
});

afterEach(async () => {
  await store.close();
  await history.deployment.stop();
});

describe("a history that no single call can carry", () => {
  it("gives the path of a conversation of 400 messages, past its branches", async () => {
    const turns: OpenTurn[] = [turnOf()];
    while (turns.length < 200) turns.push(turnAfter(turns.at(-1) ?? turnOf()));
    const branch = turnAfter(turns[3] ?? turnOf());
    for (const turn of [...turns, branch]) await store.openTurn(ALICE, turn);
    const path = await store.path(ALICE, turns.at(-1)?.assistantMessageId ?? "");
    expect(path).toEqual(turns.flatMap((turn) => [questionOf(turn), emptyAnswerOf(turn)]));
    expect(await store.path(ALICE, branch.assistantMessageId)).toHaveLength(10);
    expect(history.deployment.counts.of("messages:path").received).toBeGreaterThan(2);
  });

  it("gives three answers of 3 MB whole, in pages that are none too heavy", async () => {
    const turns: OpenTurn[] = [turnOf()];
    while (turns.length < 3) turns.push(turnAfter(turns.at(-1) ?? turnOf()));
    // In thoughts, which are not searched: this is about what is read.
    const answers = turns.map((turn, index) => {
      const text = `${index} "速い狐" 🦊 `.repeat(250_000);
      return answerOf(turn, "", { parts: [{ type: "reasoning", text }] });
    });
    for (const [index, turn] of turns.entries()) {
      await store.openTurn(ALICE, turn);
      const answer = answers[index];
      if (answer) await store.saveAnswer(ALICE, answer);
    }
    const { conversationId } = turns[0] ?? turnOf();
    const expected = turns.flatMap((turn, index) => [questionOf(turn), answers[index]]);
    const page = await store.listMessages(ALICE, conversationId, { limit: 50 });
    expect(page?.messages.length).toBeLessThan(6);

    // Compared as booleans: the difference of two such histories is nothing to print.
    const same = (one: unknown, other: unknown) => expect(isDeepStrictEqual(one, other)).toBe(true);
    same(await allMessages(store, ALICE, conversationId, 50), expected);
    same(await store.path(ALICE, turns[2]?.assistantMessageId ?? ""), expected);
    const changes = (await allChanges(store, ALICE, 50)).changes;
    same(
      changes.flatMap((change) => (change.kind === "message" ? [change.message.id] : [])).toSorted(),
      expected.map((message) => message?.id).toSorted(),
    );
  });
});
