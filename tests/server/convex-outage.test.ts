import { describe, expect, it, vi } from "vitest";
import type { NumberedEvent } from "../../lib/protocol/events.ts";
import { allChanges } from "../fixtures/all-changes.ts";
import { type ConvexServer, type ConvexServers, startConvexServers } from "../fixtures/convex-servers.ts";
import { openEventSource } from "../fixtures/event-source.ts";
import { ends, fold, numbered, savedAnswer, textOf } from "../fixtures/saved-answer.ts";
import { turnBody } from "../fixtures/turn-body.ts";
import { done, errorChunk, finish, type Step, stall, text, until } from "../fixtures/upstream-script.ts";

const DOWN_MS = 60_000;
const BEGINNING = "It begins, ";

/** The ways in which a turn ends: what the model does behind its first words, and what is true of the turn from then on. */
const WAYS: readonly { steps: Step[]; text: string; end: { type: string; finishReason?: string; code?: string } }[] = [
  { steps: [text("and ends."), finish(), done], text: "and ends.", end: { type: "completed", finishReason: "stop" } },
  { steps: [text("and"), finish("length"), done], text: "and", end: { type: "completed", finishReason: "length" } },
  {
    steps: [text("and fails"), errorChunk("Too busy")],
    text: "and fails",
    end: { type: "failed", code: "upstream_error" },
  },
  { steps: [text("and br"), done], text: "and br", end: { type: "failed", code: "upstream_truncated" } },
  { steps: [stall], text: "", end: { type: "stopped" } },
];
const QUESTIONS = Array.from({ length: 10 }, (_, index) => ({
  way: index % WAYS.length,
  text: `Way ${index % WAYS.length}.`,
}));

type Restart = (servers: ConvexServers, server: ConvexServer, followers: readonly Follower[]) => Promise<ConvexServer>;
/** The events of a turn up to where its stream ends. */
type Follower = { seen: Promise<NumberedEvent[]> };

describe.concurrent("ten turns that end while Convex is down for a minute", () => {
  it.each<[string, (servers: ConvexServers) => Promise<void> | void, Restart]>([
    ["the server goes on", goDown, (_, server) => Promise.resolve(server)],
    [
      "the server is stopped and started when the ends were told",
      goDown,
      async (servers, server, followers) => {
        await allToldTheirEnd(followers);
        expect((await server.end("SIGTERM")).code).toBe(0);
        return await servers.start(server.dataDir);
      },
    ],
    [
      "the server is killed when the ends were told",
      goDown,
      async (servers, server, followers) => {
        await allToldTheirEnd(followers);
        await server.end("SIGKILL");
        return await servers.start(server.dataDir);
      },
    ],
    [
      "the server is killed while the answers are being saved, before any end was told",
      ({ deployment }) => deployment.faults.set({ failRate: 1 }),
      async (servers, server) => {
        const tried = () => servers.deployment.counts.of("turns:open").received;
        const before = tried();
        await expect.poll(tried).toBeGreaterThanOrEqual(before + 5 * QUESTIONS.length);
        await server.end("SIGKILL");
        return await servers.start(server.dataDir);
      },
    ],
  ])("are all saved, once and with their true end: %s", { timeout: 240_000 }, async (_, breakDown, restart) => {
    const ending = Promise.withResolvers<void>();
    const servers = await startConvexServers(({ body }) => ({
      steps: [
        text(BEGINNING),
        until(ending.promise),
        ...wayOf(Number(/Way (\d)\./.exec(JSON.stringify(body))?.[1])).steps,
      ],
    }));
    try {
      const first = await servers.start();
      const turns = QUESTIONS.map((question) => ({ ...question, body: turnBody({ text: question.text }) }));
      const followers = await Promise.all(turns.map(({ body }) => begin(first, body)));

      await breakDown(servers);
      const down = performance.now();
      ending.resolve();
      for (const { body } of turns.filter(({ way }) => wayOf(way).end.type === "stopped")) {
        expect((await first.call(`/api/turns/${body.turnId}/stop`, { method: "POST" })).status).toBe(202);
      }
      const second = await restart(servers, first, followers);
      await expect
        .poll(() => performance.now() - down, { timeout: 2 * DOWN_MS, interval: 100 })
        .toBeGreaterThan(DOWN_MS);
      await comeBack(servers);
      const back = performance.now();

      const ended = async () => (await answers(second)).filter(({ status }) => status !== "streaming").length;
      await expect.poll(ended, { timeout: 90_000, interval: 250 }).toBe(turns.length);
      console.log(`all saved ${((performance.now() - back) / 1_000).toFixed(1)} s after Convex was back`);

      const { changes, cursor } = await allChanges(second);
      expect(changes).toHaveLength(3 * turns.length);
      for (const { way, body } of turns) {
        const saved = await savedAnswer(second, body.conversationId);
        const told = numbered(await (await openEvents(second, body.turnId)).rest());
        expect(ends(told)).toEqual([expect.objectContaining(wayOf(way).end)]);
        expect(textOf(saved.parts)).toBe(BEGINNING + wayOf(way).text);
        expect(fold(told)).toMatchObject({ parts: saved.parts, status: saved.status });
      }
      expect((await second.end("SIGTERM")).code).toBe(0);
      const third = await servers.start(second.dataDir);
      expect((await allChanges(third, cursor)).changes).toEqual([]);
    } finally {
      await servers.close();
    }
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

function wayOf(index: number) {
  const way = WAYS[index];
  if (way === undefined) throw new Error(`there is no way ${index}`);
  return way;
}

/** Starts a turn; resolves when its first words have come. */
async function begin(server: ConvexServer, body: ReturnType<typeof turnBody>): Promise<Follower> {
  expect((await server.call("/api/turns", { method: "POST", body })).status).toBe(202);
  const events = await openEvents(server, body.turnId);
  const first = await events.until(({ data }) => data.includes(BEGINNING));
  return { seen: events.rest().then((rest) => numbered([...first, ...rest])) };
}

function openEvents({ url, token }: ConvexServer, turnId: string) {
  return openEventSource(`${url}/api/turns/${turnId}/events`, { token });
}

async function allToldTheirEnd(followers: readonly Follower[]): Promise<void> {
  for (const { seen } of followers) expect(ends(await seen)).toHaveLength(1);
}

async function answers(server: ConvexServer) {
  const { changes } = await allChanges(server);
  return changes.flatMap((row) => (row.kind === "message" && row.message.role === "assistant" ? [row.message] : []));
}
