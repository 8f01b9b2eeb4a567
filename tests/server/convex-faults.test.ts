import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Change } from "../../lib/protocol/responses.ts";
import { allChanges } from "../fixtures/all-changes.ts";
import { type ConvexServer, type ConvexServers, startConvexServers } from "../fixtures/convex-servers.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { answer, words } from "../fixtures/upstream-script.ts";

const TURNS = 100;
/** The functions that a turn calls. */
const CALLED = ["turns:check", "turns:open", "conversations:has", "answers:save", "answers:stage"];

let servers: ConvexServers;
let server: ConvexServer;
beforeEach(async () => {
  servers = await startConvexServers(({ body }) => answer({ tokens: tokensFor(JSON.stringify(body)), everyMs: 2 }));
  server = await servers.start();
});
afterEach(() => servers.close());

describe("a Convex that fails 30 % of calls, answers after 500 ms and loses answers behind the write", () => {
  it(`has every answer of ${TURNS} turns exactly once`, { timeout: 180_000 }, async () => {
    servers.deployment.faults.set({ failRate: 0.3, delayMs: 500, dropAfterRate: 0.1 });
    const questions = Array.from({ length: TURNS }, (_, index) => `Question ${index}.`);
    const asked = (await Promise.all(questions.map(askUntilAnswered))).flat();
    const answers = async () => {
      const { changes } = await allChanges(server);
      const messages = changes.flatMap((row) => (row.kind === "message" ? [row.message] : []));
      return messages.filter(({ role, status }) => role === "assistant" && status !== "streaming").length;
    };
    await expect.poll(answers, { timeout: 120_000, interval: 500 }).toBe(asked.length);
    tellCounts(asked.length);
    servers.deployment.faults.clear();

    const { changes, cursor } = await allChanges(server);
    expect(changes).toHaveLength(3 * asked.length);
    expect(new Set(changes.map(idOf)).size).toBe(3 * asked.length);
    for (const { conversationId, question, isAnswered } of asked) {
      const { status, parts } = await savedAnswer(server, conversationId);
      expect(status).toBe(isAnswered ? "complete" : "failed");
      expect(textOf(parts)).toBe(isAnswered ? tokensFor(question).join("") : "");
    }
    // Calls were lost and repeated, and still each write came to be once.
    for (const name of ["turns:open", "answers:save"]) {
      const { received, succeeded } = servers.deployment.counts.of(name);
      expect(received).toBeGreaterThan(succeeded);
      expect(succeeded).toBeGreaterThan(TURNS);
    }

    // Nothing is left to be saved: the next start writes nothing.
    await server.end("SIGTERM");
    server = await servers.start(server.dataDir);
    expect((await allChanges(server, cursor)).changes).toEqual([]);
  });
});

describe("what an answer costs at Convex", () => {
  it("is the same few calls for 5,000 tokens, however long they take, with a device that looks on", async () => {
    const feed = await openEventSource(`${server.url}/api/feed`, server);
    servers.deployment.counts.reset();
    const saved = await savedAnswer(server, (await ask("Question 5000.")).conversationId);
    expect(textOf(saved.parts)).toBe(words(5_000).join(""));
    await feed.until(({ data }) => data.includes('"completed"'));
    feed.close();
    const received = Object.fromEntries(CALLED.map((name) => [name, servers.deployment.counts.of(name).received]));
    expect(received).toEqual({
      "turns:check": 1,
      // Once more before the answer is saved, in case that the first did not arrive.
      "turns:open": 2,
      "conversations:has": 1,
      "answers:save": 1,
      "answers:stage": 0,
    });
    // The live query runs again for each of the two commits, and for the one that opens it.
    expect(servers.deployment.counts.of("changes:newest").pushed).toBeLessThanOrEqual(4);
  });

  it("grows by the megabyte and not by the token: 5 MB are saved whole", async () => {
    const { conversationId } = await ask("Question 5000000.");
    const text = textOf((await savedAnswer(server, conversationId)).parts);
    expect(Buffer.byteLength(text)).toBeGreaterThan(5_000_000);
    expect(text === LONG.join("")).toBe(true);
    expect(servers.deployment.counts.of("answers:save").received).toBe(1);
    expect(servers.deployment.counts.of("answers:stage").received).toBeLessThan(40);
  });
});

const LONG = Array.from({ length: 2_500 }, (_, index) => `${index} A sentence, 一つの文, 🦊. `.repeat(55));

/** What the model writes to a question, which is known by its number. */
function tokensFor(request: string): string[] {
  const number = Number(/Question (\d+)\./.exec(request)?.[1]);
  if (number === 5_000_000) return LONG;
  return number === 5_000 ? words(5_000) : words(40, `q${number}-`);
}

type Asked = { question: string; conversationId: string; isAnswered: boolean };

/** A turn whose question could not be saved in the whole time that a call is repeated fails, and says: try again. */
async function askUntilAnswered(question: string): Promise<Asked[]> {
  const asked: Asked[] = [];
  while (asked.at(-1)?.isAnswered !== true) asked.push(await ask(question));
  return asked;
}

/** Sends until the server takes the question, as every client does, and waits for the end of the turn. */
async function ask(question: string): Promise<Asked> {
  const turn = turnBody({ text: question });
  const post = async () => (await server.call("/api/turns", { method: "POST", body: turn })).status;
  let status = await post();
  while (status === 503) status = await post();
  expect(status).toBe(202);
  const events = await openEventSource(`${server.url}/api/turns/${turn.turnId}/events`, server);
  const end = fold(numbered(await events.rest()));
  if (end.status !== "complete") expect(end).toMatchObject({ status: "failed", error: { code: "internal" } });
  return { question, conversationId: turn.conversationId, isAnswered: end.status === "complete" };
}

function idOf(change: Change): string {
  if (change.kind === "deleted") return change.id;
  return change.kind === "message" ? change.message.id : change.conversation.id;
}

function tellCounts(turns: number): void {
  const { counts } = servers.deployment;
  const told = CALLED.map((name) => `${name} ${counts.of(name).received} calls, ${counts.of(name).succeeded} done`);
  console.log(`${turns} turns: ${told.join("; ")}`);
}
