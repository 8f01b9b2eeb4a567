import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type ConvexDeployment, startConvexDeployment } from "../fixtures/convex-deployment/index.ts";
import { api, modules, schema } from "../fixtures/convex-deployment/sample-app.ts";

const MIB = 1024 * 1024;
const NOT_FOUND = /Could not find public function for/;
const owner = "ada";

let deployment: ConvexDeployment;

beforeEach(async () => {
  deployment = await startConvexDeployment({ schema, modules });
});

afterEach(() => deployment.stop());

describe("over HTTP", () => {
  it("runs queries, mutations and actions", async () => {
    const client = httpClient();
    await client.mutation(api.add, { owner, text: "first" }, { skipQueue: true });
    await client.action(api.relay, { owner, text: "second" });
    expect(await client.query(api.list, { owner })).toEqual(["first", "second"]);
  });

  it("keeps internal functions from who has no key, as if they were not there", async () => {
    const client = httpClient();
    await expect(client.query(api.listSecret, {})).rejects.toThrow(NOT_FOUND);
    await expect(client.query(api.missing, {})).rejects.toThrow(NOT_FOUND);
    await expect(client.mutation(api.addSecret, { owner, text: "secret" })).rejects.toThrow(NOT_FOUND);
    expect(await httpClient(deployment.adminKey).query(api.listSecret, {})).toEqual([]);
    expect(deployment.counts.of("notes:addSecret")).toMatchObject({ received: 1, ran: 0 });
  });

  it("refuses a wrong key, for public functions too", async () => {
    const client = httpClient("wrong");
    await expect(client.mutation(api.addSecret, { owner, text: "secret" })).rejects.toThrow(/BadAdminKey/);
    await expect(client.query(api.list, { owner })).rejects.toThrow(/BadAdminKey/);
  });

  it("rolls back a mutation that throws, and carries the data of its error", async () => {
    const error = await httpClient().mutation(api.addAndFail, { owner, text: "gone" }).catch(thrown);
    expect(error).toBeInstanceOf(ConvexError);
    expect(error).toMatchObject({ data: { code: "refused", text: "gone" } });
    expect(await httpClient().query(api.list, { owner })).toEqual([]);
  });

  it("refuses a document over 1 MiB, written or grown, and arguments over 16 MiB", async () => {
    const client = httpClient();
    const id = await client.mutation(api.add, { owner, text: "x".repeat(MIB - 200) });
    await expect(client.mutation(api.add, { owner, text: "x".repeat(MIB) })).rejects.toThrow(/Value is too large/);
    await expect(client.mutation(api.extend, { id, text: "x".repeat(200) })).rejects.toThrow(/Value is too large/);
    await expect(client.mutation(api.add, { owner, text: "x".repeat(16 * MIB) })).rejects.toThrow(
      /Arguments .* too large/,
    );
    expect((await client.query(api.list, { owner })).map(({ length }) => length)).toEqual([MIB - 200]);
  });
});

describe("what a function may hold", () => {
  it("is not half a surrogate pair", async () => {
    await expect(httpClient().mutation(api.add, { owner, text: "😀".slice(0, 1) })).rejects.toThrow(/surrogate/);
    await httpClient().mutation(api.add, { owner, text: "😀" });
    expect(await httpClient().query(api.list, { owner })).toEqual(["😀"]);
  });

  it("is not more than 16 MiB read at once", async () => {
    const client = httpClient();
    for (let note = 0; note < 17; note += 1) await client.mutation(api.add, { owner, text: "x".repeat(MIB - 200) });
    await expect(client.query(api.list, { owner })).rejects.toThrow(/Too many bytes read/);
  });
});

describe("search", () => {
  const texts = ["Hello, wide world", "foo-bar and wider", "日本語の 文章", "日本語日本語日本語日本語", "hidden word"];

  it.each([
    ["HELLO", ["Hello, wide world"]],
    ["bar", ["foo-bar and wider"]],
    ["wid", ["Hello, wide world", "foo-bar and wider"]],
    ["wid hello", ["Hello, wide world"]],
    ["foo hello", ["Hello, wide world", "foo-bar and wider"]],
    ["日本", ["日本語の 文章"]],
    ["本語", []],
    ["hidden", []],
    ["", []],
  ])("finds for %j what a real deployment finds", async (words, expected) => {
    const client = httpClient();
    for (const text of texts) await client.mutation(api.add, { owner, text });
    await client.mutation(api.add, { owner: "bob", text: texts.join(" ") });
    expect((await client.query(api.search, { owner, words })).toSorted()).toEqual(expected);
  });
});

describe("live queries", () => {
  it("see what others write, scheduled functions too", async () => {
    const seen = watch(liveClient(), api.list, { owner });
    await expect.poll(seen.last).toEqual([]);
    await httpClient().mutation(api.add, { owner, text: "now" });
    await expect.poll(seen.last).toEqual(["now"]);
    await httpClient().mutation(api.addSoon, { owner, text: "soon" });
    await expect.poll(seen.last).toEqual(["now", "soon"]);
  });

  it("see internal functions with the key only", async () => {
    const [admin, nobody, forger] = [liveClient(deployment.adminKey), liveClient(), liveClient("wrong")];
    await expect.poll(watch(admin, api.listSecret, {}).last).toEqual([]);
    await expect.poll(watch(nobody, api.listSecret, {}).error).toMatch(NOT_FOUND);
    await expect.poll(watch(forger, api.listSecret, {}).error).toMatch(NOT_FOUND);
  });

  it("come back with their queries and their identity when the deployment does", async () => {
    const seen = watch(liveClient(deployment.adminKey), api.listSecret, {});
    await expect.poll(seen.last).toEqual([]);
    await deployment.goDown();
    await expect(httpClient().mutation(api.add, { owner, text: "lost" })).rejects.toThrow();
    await deployment.comeBack();
    await httpClient().mutation(api.add, { owner, text: "after" });
    await expect.poll(seen.last).toEqual(["after"]);
  });

  it("stand beside mutations on the same socket, of which each runs once", async () => {
    const client = liveClient();
    const seen = watch(client, api.list, { owner });
    await expect.poll(seen.last).toEqual([]);
    deployment.faults.next("drop-after", { function: "notes:add" });
    await client.mutation(api.add, { owner, text: "once" });
    expect(seen.last()).toEqual(["once"]);
    expect(deployment.counts.of("notes:add")).toMatchObject({ received: 2, ran: 1 });
  });
});

describe("faults", () => {
  it("cut the answer of a mutation that has written", async () => {
    deployment.faults.next("drop-after", { function: "notes:add" });
    await expect(httpClient().mutation(api.add, { owner, text: "kept" })).rejects.toThrow();
    expect(await httpClient().query(api.list, { owner })).toEqual(["kept"]);
    expect(deployment.counts.of("notes:add")).toMatchObject({ received: 1, succeeded: 1 });
    expect(deployment.faults.waiting()).toBe(0);
  });

  it("cut or refuse a call that then does not run", async () => {
    deployment.faults.next("drop-before");
    deployment.faults.next("fail");
    deployment.faults.next("conflict");
    const add = () => httpClient().mutation(api.add, { owner, text: "never" });
    await expect(add()).rejects.toThrow(/fetch failed/);
    await expect(add()).rejects.toThrow(/Try again later/);
    await expect(add()).rejects.toThrow(/OptimisticConcurrencyControlFailure/);
    expect(await httpClient().query(api.list, { owner })).toEqual([]);
    expect(deployment.counts.of("notes:add")).toMatchObject({ received: 3, ran: 0 });
  });

  it("come by rate, the same for the same seed", async () => {
    const first = await failures(deployment);
    await using again = await startConvexDeployment({ schema, modules });
    expect(await failures(again)).toEqual(first);
    await using other = await startConvexDeployment({ schema, modules, seed: 2 });
    expect(await failures(other)).not.toEqual(first);
    expect(first.filter((failed) => failed).length).toBeGreaterThan(5);
    expect(first.filter((failed) => !failed).length).toBeGreaterThan(5);
  });

  it("delay calls, which a deployment that goes down meanwhile never runs", async () => {
    deployment.faults.set({ delayMs: 600_000 });
    const call = httpClient().mutation(api.add, { owner, text: "late" }).catch(thrown);
    await expect.poll(() => deployment.counts.of("notes:add").received).toBe(1);
    await deployment.goDown();
    expect(await call).toBeInstanceOf(Error);
    deployment.faults.clear();
    await deployment.comeBack();
    expect(await httpClient().query(api.list, { owner })).toEqual([]);
  });
});

async function failures({ url, faults }: ConvexDeployment): Promise<boolean[]> {
  faults.set({ failRate: 0.3, dropBeforeRate: 0.1, dropAfterRate: 0.1 });
  const client = new ConvexHttpClient(url, { logger: false });
  const calls: boolean[] = [];
  for (let call = 0; call < 30; call += 1)
    calls.push(
      await client.query(api.list, { owner }).then(
        () => false,
        () => true,
      ),
    );
  return calls;
}

function httpClient(adminKey?: string): ConvexHttpClient {
  const client = new ConvexHttpClient(deployment.url, { logger: false });
  if (adminKey !== undefined) setAdminAuth(client, adminKey);
  return client;
}

function liveClient(adminKey?: string): ConvexClient {
  const client = new ConvexClient(deployment.url, { logger: false });
  onTestFinished(() => client.close());
  if (adminKey !== undefined) setAdminAuth(client, adminKey);
  return client;
}

/** The method is there and not in the published types. */
function setAdminAuth(client: object, key: string): void {
  Reflect.apply(Reflect.get(client, "setAdminAuth"), client, [key]);
}

/** What a live query shows. */
function watch(client: ConvexClient, query: typeof api.list, args: { owner: string }): Watched;
function watch(client: ConvexClient, query: typeof api.listSecret, args: Record<string, never>): Watched;
function watch(client: ConvexClient, query: typeof api.list | typeof api.listSecret, args: object): Watched {
  const shown = vi.fn<(value: string[]) => void>();
  const failed = vi.fn<(error: Error) => void>();
  Reflect.apply(client.onUpdate, client, [query, args, shown, failed]);
  return { last: () => shown.mock.lastCall?.[0], error: () => failed.mock.lastCall?.[0].message };
}

type Watched = { last(): string[] | undefined; error(): string | undefined };

function thrown(error: unknown): unknown {
  return error;
}
