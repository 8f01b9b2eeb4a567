import { type DefaultFunctionArgs, getFunctionName, makeFunctionReference } from "convex/server";
import { convexTest } from "convex-test";
import { beforeEach, describe, expect, it } from "vitest";
import { internal } from "../../../convex/_generated/api.js";
import { modules, schema } from "../../../tests/fixtures/sidestream-functions.ts";
import type { OpenTurn } from "../../ports/store.ts";
import { ALICE, answerOf, questionOf, turnAfter, turnOf } from "../../ports/store-contract/samples.ts";
import { answerWriter } from "./answer-writer.ts";
import type { Calls } from "./calls.ts";
import { conversations } from "./conversations.ts";
import { storedContent } from "./message-content.ts";
import type { TellingWrites } from "./telling-writes.ts";
import { turns } from "./turns.ts";
import { batchOf } from "./write-content.ts";

const LONG = "Nothing of this may stay. ".repeat(30_000);

let convex: ReturnType<typeof beginConvex>;
let calls: Calls;
let store: {
  openTurn: ReturnType<typeof turns>["open"];
  saveAnswer: ReturnType<typeof answerWriter>;
  conversation: ReturnType<typeof conversations>;
};

beforeEach(() => {
  convex = beginConvex();
  calls = {
    query: (called, args) => runQuery(getFunctionName(called), args),
    mutation: async (called, args) => ({ result: await runMutation(getFunctionName(called), args), repeated: false }),
  };
  const writes: TellingWrites = { run: async (_, write) => (await write()).result };
  store = {
    openTurn: turns({ calls, writes }).open,
    saveAnswer: answerWriter({ calls, writes, now: () => new Date(0) }),
    conversation: conversations({ calls, writes }),
  };
});

describe("what is left over at Convex", () => {
  it("goes with a deleted conversation, in batches, and nothing else does", async () => {
    const kept = turnOf();
    await store.openTurn(ALICE, kept);
    await store.saveAnswer(ALICE, answerOf(kept, LONG));
    const alone = await rowCounts();
    const { conversationId } = await longConversation(70);
    expect(await store.conversation.remove(ALICE, conversationId)).toBe(true);
    expect(await store.conversation.listMessages(ALICE, conversationId, { limit: 5 })).toBeUndefined();

    // One row stays: the tombstone.
    await expect.poll(rowCounts).toEqual({ ...alone, conversations: alone.conversations + 1 });
    expect(await store.conversation.path(ALICE, kept.assistantMessageId)).toEqual([
      questionOf(kept),
      answerOf(kept, LONG),
    ]);
  });

  it("goes when an answer is written over", async () => {
    const turn = turnOf();
    await store.openTurn(ALICE, turn);
    await store.saveAnswer(ALICE, answerOf(turn, "Short."));
    const short = await rowCounts();

    const other = turnAfter(turn);
    await store.openTurn(ALICE, other);
    await store.saveAnswer(ALICE, answerOf(other, LONG, { status: "streaming" }));
    expect((await rowCounts()).texts).toBeGreaterThan(300);
    await store.saveAnswer(ALICE, answerOf(other, "Short too."));
    const { messages, texts } = short;
    await expect.poll(rowCounts).toEqual({ ...short, messages: messages + 2, texts: texts + 2 });
  });

  it("goes when an end was staged in vain, and the end that was saved stays whole", async () => {
    const turn = turnOf();
    await store.openTurn(ALICE, turn);
    await stageOnly(turn, `${LONG} The end that nobody saved.`);
    const answer = answerOf(turn, LONG);
    await store.saveAnswer(ALICE, answer);
    const { size, pieces, texts } = storedContent(answer);
    expect(size).toBeGreaterThan(700_000);
    await expect
      .poll(rowCounts)
      .toMatchObject({ contents: pieces.length, texts: texts.length + [turn.title, turn.question].length });
    expect(await store.conversation.path(ALICE, turn.assistantMessageId)).toEqual([questionOf(turn), answer]);
  });

  it("is staged anew when it went too early", async () => {
    const turn = turnOf();
    await store.openTurn(ALICE, turn);
    const answer = answerOf(turn, LONG);
    const { mutation } = calls;
    let ends = 0;
    // Another server saves a checkpoint between the batches and the end, which drops what was staged.
    calls.mutation = async (called, args) => {
      if ("staged" in args && args.staged !== null && ends === 0) {
        ends += 1;
        await store.saveAnswer(ALICE, answerOf(turn, "Nothing", { status: "streaming" }));
      }
      return await mutation(called, args);
    };
    await store.saveAnswer(ALICE, answer);
    expect(ends).toBe(1);
    expect(await store.conversation.path(ALICE, turn.assistantMessageId)).toEqual([questionOf(turn), answer]);
  });
});

describe("a conversation", () => {
  it("that was deleted shows no content, also while its rows are not swept yet", async () => {
    const turn = await answeredTurn();
    const { conversation, message } = await rowsOf(turn);
    const read = () =>
      calls.query(internal.contents.read, {
        userId: ALICE,
        wanted: [{ row: message._id, key: message.key, from: 0 }],
      });
    expect((await read()).pieces).not.toEqual([]);
    // By hand, because the function would have it swept at once.
    await convex.run(({ db }) => db.patch(conversation._id, { deleted: true }));
    expect(await read()).toEqual({ pieces: [], gone: [message._id] });
  });

  it("that was not deleted is not swept", async () => {
    const turn = await answeredTurn();
    const before = await rowCounts();
    const { conversation } = await rowsOf(turn);
    await runMutation("sweeping:conversation", { userId: ALICE, conversation: conversation._id });
    expect(await rowCounts()).toEqual(before);
    const answer = answerOf(turn, LONG);
    expect(await store.conversation.path(ALICE, turn.assistantMessageId)).toEqual([questionOf(turn), answer]);
  });
});

async function answeredTurn(): Promise<OpenTurn> {
  const turn = turnOf();
  await store.openTurn(ALICE, turn);
  await store.saveAnswer(ALICE, answerOf(turn, LONG));
  return turn;
}

/** The conversation of a turn and its answer, as they are kept. */
function rowsOf(turn: OpenTurn) {
  return convex.run(async ({ db }) => {
    const conversation = (await db.query("conversations").collect()).find(({ id }) => id === turn.conversationId);
    const message = (await db.query("messages").collect()).find(({ id }) => id === turn.assistantMessageId);
    if (!conversation || !message) throw new Error("the rows are not there");
    return { conversation, message };
  });
}

async function longConversation(length: number): Promise<OpenTurn> {
  const first = turnOf();
  await store.openTurn(ALICE, first);
  await store.saveAnswer(ALICE, answerOf(first, LONG));
  let last = first;
  for (let index = 1; index < length; index += 1) {
    last = turnAfter(last);
    await store.openTurn(ALICE, last);
  }
  await stageOnly(last, LONG);
  return first;
}

async function stageOnly(turn: OpenTurn, text: string): Promise<void> {
  const { assistantMessageId: id, conversationId, turnId } = turn;
  const content = storedContent(answerOf(turn, text));
  const args = { userId: ALICE, answer: { id, conversationId, turnId }, version: content.version };
  for (const batch of [0, 1]) await calls.mutation(internal.answers.stage, { ...args, ...batchOf(content, batch) });
}

function rowCounts() {
  return convex.run(async ({ db }) => ({
    conversations: (await db.query("conversations").collect()).length,
    messages: (await db.query("messages").collect()).length,
    contents: (await db.query("contents").collect()).length,
    texts: (await db.query("texts").collect()).length,
  }));
}

function runQuery(name: string, args: DefaultFunctionArgs) {
  return convex.query(makeFunctionReference<"query">(name), args);
}

function runMutation(name: string, args: DefaultFunctionArgs) {
  return convex.mutation(makeFunctionReference<"mutation">(name), args);
}

function beginConvex() {
  return convexTest({ schema, modules });
}
