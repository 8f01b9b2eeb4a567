import { describe, expect, it, vi } from "vitest";
import type { NumberedEvent } from "../../lib/protocol/events.ts";
import type { StartTurn } from "../../lib/protocol/requests.ts";
import type { Change } from "../../lib/protocol/responses.ts";
import { allChanges } from "../fixtures/all-changes.ts";
import { type ConvexServer, type ConvexServers, startConvexServers } from "../fixtures/convex-servers.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import type { ChatRequest } from "../fixtures/scripted-upstream.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { BEGINNING, everyEnd, turnsOfEveryEnd } from "../fixtures/turns-of-every-end.ts";
import { answer, words } from "../fixtures/upstream-script.ts";

const DOWN_MS = 60_000;
const TURNS = 100;
/** `expect.poll` does not know which of the tests that run at once it belongs to. */
const PATIENT = { timeout: 120_000, interval: 250 };
/** The functions that a turn calls. */
const CALLED = ["turns:check", "turns:open", "conversations:has", "answers:save", "answers:stage"];

type Restart = (servers: ConvexServers, server: ConvexServer, followers: readonly Follower[]) => Promise<ConvexServer>;
/** The events of a turn up to where its stream ends. */
type Follower = { seen: Promise<NumberedEvent[]> };

// All at once, because they wait most of the time: each on a deployment and a server of its own.
describe.concurrent("the server on a Convex in trouble", { timeout: 240_000 }, () => {
  it.each<[string, (servers: ConvexServers) => Promise<void> | void, Restart]>([
    ["goes on", goDown, (_, server) => Promise.resolve(server)],
    ["is stopped and started when the ends were told", goDown, restartBy("SIGTERM")],
    ["is killed and started when the ends were told", goDown, restartBy("SIGKILL")],
    [
      "is killed and started while the answers are being saved, before any end was told",
      ({ deployment }) => deployment.faults.set({ failRate: 1 }),
      async (servers, server, followers) => {
        const tried = () => servers.deployment.counts.of("turns:open").received;
        const before = tried();
        await vi.waitUntil(() => tried() >= before + 5 * followers.length, PATIENT);
        await server.end("SIGKILL");
        return await servers.start(server.dataDir);
      },
    ],
  ])("saves ten turns that end while it is down for a minute, when the server %s", async (_, breakDown, restart) => {
    const ending = Promise.withResolvers<void>();
    await using servers = await startConvexServers(everyEnd(ending.promise));
    const first = await servers.start();
    const turns = turnsOfEveryEnd();
    const followers = await Promise.all(turns.map(({ body }) => begin(first, body)));

    await breakDown(servers);
    const down = performance.now();
    ending.resolve();
    for (const { body } of turns.filter(({ way }) => way.end.type === "stopped")) {
      expect((await first.call(`/api/turns/${body.turnId}/stop`, { method: "POST" })).status).toBe(202);
    }
    const second = await restart(servers, first, followers);
    const isOver = () => performance.now() - down > DOWN_MS;
    await vi.waitUntil(isOver, PATIENT);
    await comeBack(servers);
    const back = performance.now();
    await vi.waitFor(async () => expect(await countEnded(second)).toBe(turns.length), PATIENT);
    console.log(`all saved ${((performance.now() - back) / 1_000).toFixed(1)} s after Convex was back`);

    const { changes, cursor } = await allChanges(second);
    expect(changes).toHaveLength(3 * turns.length);
    for (const { way, body } of turns) {
      const saved = await savedAnswer(second, body.conversationId);
      const told = numbered(await (await openEvents(second, body)).rest());
      expect(ends(told)).toEqual([expect.objectContaining(way.end)]);
      expect(textOf(saved.parts)).toBe(BEGINNING + way.text);
      expect(fold(told)).toMatchObject({ parts: saved.parts, status: saved.status });
    }
    await expectNothingToSave(servers, second, cursor);
  });

  it(`has every answer of ${TURNS} turns once while 30 % of calls fail, take 500 ms, or are done and their answer lost`, async () => {
    await using servers = await startConvexServers(answerByNumber);
    const server = await servers.start();
    servers.deployment.faults.set({ failRate: 0.3, delayMs: 500, dropAfterRate: 0.1 });
    const questions = Array.from({ length: TURNS }, (_, index) => `Question ${index}.`);
    const asked = await Promise.all(questions.map((question) => ask(server, question)));
    await vi.waitFor(async () => expect(await countEnded(server)).toBe(TURNS), PATIENT);
    servers.deployment.faults.clear();

    const { changes, cursor } = await allChanges(server);
    expect(changes).toHaveLength(3 * TURNS);
    expect(new Set(changes.map(idOf)).size).toBe(3 * TURNS);
    for (const { conversationId, question } of asked) {
      const { status, parts } = await savedAnswer(server, conversationId);
      expect({ status, text: textOf(parts) }).toEqual({ status: "complete", text: tokensFor(question).join("") });
    }
    expect(servers.upstream.requests).toHaveLength(TURNS);
    // Calls were lost and repeated, and still each write came to be once.
    const { counts } = servers.deployment;
    for (const name of ["turns:open", "answers:save"]) {
      expect(counts.of(name).received).toBeGreaterThan(counts.of(name).succeeded);
      expect(counts.of(name).succeeded).toBeGreaterThan(TURNS);
    }
    const told = CALLED.map((name) => `${name} ${counts.of(name).received} calls, ${counts.of(name).succeeded} done`);
    console.log(`${TURNS} turns: ${told.join("; ")}`);
    await expectNothingToSave(servers, server, cursor);
  });
});

describe.concurrent("what an answer costs at Convex", { timeout: 240_000 }, () => {
  it("is the same few calls for 5,000 tokens, however long they take, with a device that looks on", async () => {
    await using servers = await startConvexServers(answerByNumber);
    const server = await servers.start();
    const feed = await openEventSource(`${server.url}/api/feed`, server);
    const { conversationId } = await ask(server, "Question 5000.");
    expect(textOf((await savedAnswer(server, conversationId)).parts)).toBe(words(5_000).join(""));
    await feed.until(({ data }) => data.includes('"completed"'));
    feed.close();
    const { counts } = servers.deployment;
    // Five when none has to be repeated: the question is checked, saved and looked at, saved once more, and then the answer.
    const received = CALLED.reduce((sum, name) => sum + counts.of(name).received, 0);
    expect(received).toBeLessThan(15);
    expect(counts.of("answers:stage").received).toBe(0);
    // The live query runs when it is opened, and again for each of the commits.
    expect(counts.of("changes:newest").pushed).toBeLessThan(10);
  });

  it("grows by the megabyte and not by the token: 5 MB are saved whole", async () => {
    await using servers = await startConvexServers(answerByNumber);
    const server = await servers.start();
    const { conversationId } = await ask(server, "Question 5000000.");
    const text = textOf((await savedAnswer(server, conversationId)).parts);
    expect(Buffer.byteLength(text)).toBeGreaterThan(5_000_000);
    expect(text === LONG.join("")).toBe(true);
    expect(servers.deployment.counts.of("answers:save").received).toBeGreaterThan(0);
    expect(servers.deployment.counts.of("answers:stage").received).toBeLessThan(60);
  });
});

function goDown({ deployment }: ConvexServers): Promise<void> {
  return deployment.goDown();
}

/** Back on its port, which may be another's for a moment. */
async function comeBack({ deployment }: ConvexServers): Promise<void> {
  deployment.faults.clear();
  await vi.waitFor(() => deployment.comeBack(), { timeout: 30_000 });
}

function restartBy(signal: "SIGTERM" | "SIGKILL"): Restart {
  return async (servers, server, followers) => {
    for (const { seen } of followers) expect(ends(await seen)).toHaveLength(1);
    expect((await server.end(signal)).code).toBe(signal === "SIGTERM" ? 0 : null);
    return await servers.start(server.dataDir);
  };
}

/** The next start writes nothing, and nobody printed the deploy key. */
async function expectNothingToSave(servers: ConvexServers, server: ConvexServer, cursor: string): Promise<void> {
  const { code, output } = await server.end("SIGTERM");
  expect(code).toBe(0);
  expect(output).not.toContain(servers.deployment.adminKey);
  const next = await servers.start(server.dataDir);
  expect((await allChanges(next, cursor)).changes).toEqual([]);
}

/** Starts a turn; resolves when its first words have come. */
async function begin(server: ConvexServer, body: StartTurn): Promise<Follower> {
  expect((await server.call("/api/turns", { method: "POST", body })).status).toBe(202);
  const events = await openEvents(server, body);
  const first = await events.until(({ data }) => data.includes(BEGINNING));
  return { seen: events.rest().then((rest) => numbered([...first, ...rest])) };
}

function openEvents({ url, token }: ConvexServer, { turnId }: StartTurn) {
  return openEventSource(`${url}/api/turns/${turnId}/events`, { token });
}

/** Sends until the server takes the question, as every client does, and waits for the end of the turn. */
async function ask(server: ConvexServer, question: string): Promise<{ question: string; conversationId: string }> {
  const body = turnBody({ text: question });
  const post = async () => (await server.call("/api/turns", { method: "POST", body })).status;
  let status = await post();
  while (status === 503) status = await post();
  expect(status).toBe(202);
  const events = numbered(await (await openEvents(server, body)).rest());
  expect(ends(events)).toEqual([{ type: "completed", finishReason: "stop" }]);
  return { question, conversationId: body.conversationId };
}

const LONG = Array.from({ length: 2_500 }, (_, index) => `${index} A sentence, 一つの文, 🦊. `.repeat(55));

/** What the model writes to a question, which is known by its number. */
function tokensFor(request: string): string[] {
  const number = Number(/Question (\d+)\./.exec(request)?.[1]);
  if (number === 5_000_000) return LONG;
  return number === 5_000 ? words(5_000) : words(40, `q${number}-`);
}

function answerByNumber({ body }: ChatRequest) {
  return answer({ tokens: tokensFor(JSON.stringify(body)), everyMs: 2 });
}

/** How many answers history has that are not being written. */
async function countEnded(server: ConvexServer): Promise<number> {
  const { changes } = await allChanges(server);
  const messages = changes.flatMap((row) => (row.kind === "message" ? [row.message] : []));
  return messages.filter(({ role, status }) => role === "assistant" && status !== "streaming").length;
}

function idOf(change: Change): string {
  if (change.kind === "deleted") return change.id;
  return change.kind === "message" ? change.message.id : change.conversation.id;
}
