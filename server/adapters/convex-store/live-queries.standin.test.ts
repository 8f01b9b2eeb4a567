import { once } from "node:events";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import * as z from "zod";
import { internal } from "../../../convex/_generated/api.js";
import { type HistoryAtConvex, historyAtConvex } from "../../../tests/fixtures/convex-history.ts";
import { type LiveQueries, openLiveQueries } from "./live-queries.ts";

const address = z.object({ port: z.number() });
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe("openLiveQueries", () => {
  it("tells of a fatal error of Convex, which would end the process otherwise", async () => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    ends.push(async () => server.close());
    await once(server, "listening");
    server.on("connection", (socket) => {
      socket.once("message", () => socket.send(JSON.stringify({ type: "FatalError", error: "made up for the test" })));
    });
    const { port } = address.parse(server.address());
    const errors = followWith({ url: `http://127.0.0.1:${port}`, deployKey: "dev:a|b" });
    await expect.poll(() => errors.map(String)).toEqual([expect.stringContaining("made up for the test")]);
  });

  it("tells that the key is refused, and does not show it", async () => {
    const { url } = (await history()).deployment;
    const errors = followWith({ url, deployKey: "dev:a|secret-of-the-test" });
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    expect(inspect(errors, { depth: 9 })).not.toContain("secret-of-the-test");
  });

  it("follows what it may, also before its line stands, and ends", async () => {
    const { deployment, openStore } = await history();
    const results: unknown[] = [];
    const live = track(openLiveQueries({ url: deployment.url, deployKey: deployment.adminKey }, fail));
    const end = live.follow(internal.changes.newest, { userId: "a" }, (result) => results.push(result));
    await expect.poll(() => results).toEqual([0n]);
    const store = openStore();
    ends.push(store.close);
    await store.patchSettings("a", { model: "vendor/one" });
    await expect.poll(() => results).toEqual([0n, expect.any(BigInt)]);
    end();
  });
});

function followWith(to: { url: string; deployKey: string }): unknown[] {
  const errors: unknown[] = [];
  const live = track(openLiveQueries(to, (error) => errors.push(error)));
  live.follow(internal.changes.newest, { userId: "a" }, fail);
  return errors;
}

function track(live: LiveQueries): LiveQueries {
  ends.push(live.close);
  return live;
}

async function history(): Promise<HistoryAtConvex> {
  const made = await historyAtConvex();
  ends.push(made.deployment.stop);
  return made;
}

function fail(what: unknown): never {
  throw new Error(`this should not have been called: ${inspect(what)}`);
}
