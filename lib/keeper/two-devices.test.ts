import * as fc from "fast-check";
import { v7 } from "uuid";
import { describe, expect, it } from "vitest";
import { FAST, losses, question } from "../../tests/fixtures/away-device.ts";
import { createKeeperRig } from "../../tests/fixtures/keeper-rig.ts";
import { createMemoryServer, type Fault } from "../../tests/fixtures/memory-server.ts";
import { openCache } from "../cache/cache.ts";
import type { ConversationPatch } from "../protocol/requests.ts";

describe("two devices of one person", () => {
  it("end with the same history, and lose nothing that was taken from a panel, whatever breaks meanwhile", async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), run), {
      numRuns: 30,
      endOnFailure: true,
    });
  }, 120_000);
});

const CONVERSATIONS = 3;

const step = fc.record({
  device: fc.nat({ max: 1 }),
  conversation: fc.nat({ max: CONVERSATIONS - 1 }),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("title", "pinned", "archived", "model" as const) },
    { weight: 3, arbitrary: fc.constantFrom("open", "close", "answer" as const) },
    { weight: 1, arbitrary: fc.constantFrom("delete", "ask" as const) },
    { weight: 3, arbitrary: fc.constantFrom("cut", "mend", "kill", "fault", "feeds" as const) },
    { weight: 6, arbitrary: fc.constantFrom("breathe", "wait" as const) },
  ),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Device = ReturnType<typeof createDevice>;
type Server = ReturnType<typeof createMemoryServer>;

async function run(steps: Step[]): Promise<void> {
  const server = createMemoryServer({ newId: () => v7() });
  const devices = [createDevice(server), createDevice(server)] as const;
  const ids = await begin(server, devices);
  for (const [index, { kind, device, conversation }] of steps.entries()) {
    const id = ids[conversation];
    const on = devices[device];
    if (on && id) await take(server, on, { kind, id, index });
  }
  for (const { line, rig } of devices) {
    line.isCut = false;
    rig.wake();
  }
  for (const turnId of server.running()) server.emit(turnId, { type: "completed", finishReason: "stop" });
  for (const device of devices) await expectSettled(server, device);
  for (const device of devices) expectKept(server, device);
  for (const { panel, rig } of devices) {
    panel.close();
    rig.killWorker();
  }
}

/** A device with a line to the server that can be cut, and what its panel was told to be taken. */
function createDevice(server: Server) {
  const line = { isCut: false };
  const name = v7();
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (line.isCut) throw new TypeError("fetch failed");
    const response = await server.fetch(input, init);
    if (line.isCut) throw new TypeError("terminated");
    return response;
  };
  const rig = createKeeperRig({ fetch, device: name });
  const panel = rig.openPanel();
  /** By thing and field: the last value that the panel was told to be taken. */
  const taken = new Map<string, { key: string; field: string; value: unknown }>();
  const asked: { turnId: string; conversationId: string; text: string }[] = [];
  return { line, name, rig, panel, taken, asked };
}

async function begin(server: Server, devices: readonly Device[]): Promise<string[]> {
  const turns = Array.from({ length: CONVERSATIONS }, () => question());
  for (const turn of turns) await devices[0]?.panel.link.call("ask", turn);
  await expect.poll(() => server.running().length, FAST).toBe(CONVERSATIONS);
  for (const { panel } of devices) {
    await expect.poll(() => Object.keys(panel.state().conversations).length, FAST).toBe(CONVERSATIONS);
  }
  return turns.map(({ conversationId }) => conversationId);
}

async function take(
  server: Server,
  device: Device,
  { kind, id, index }: { kind: Step["kind"]; id: string; index: number },
) {
  const { panel, line, rig } = device;
  switch (kind) {
    case "title":
      return patch(device, id, { title: `Title ${index}` });
    case "pinned":
      return patch(device, id, { pinned: index % 2 === 0 });
    case "archived":
      return patch(device, id, { archived: index % 2 === 0 });
    case "model":
      await panel.link.call("set-settings", { model: `model ${index}` });
      device.taken.set("settings model", { key: "settings", field: "model", value: `model ${index}` });
      return;
    case "delete":
      await panel.link.call("delete", { conversationId: id });
      device.asked.splice(0, Number.POSITIVE_INFINITY, ...device.asked.filter((turn) => turn.conversationId !== id));
      return;
    case "ask":
      return ask(device, id, `Question ${index}`);
    case "open":
      return void (await panel.link.call("open", { conversationId: id }));
    case "close":
      return void (await panel.link.call("open", { conversationId: null }));
    case "answer":
      for (const turnId of server.running().slice(0, 1))
        server.emit(turnId, { type: "completed", finishReason: "stop" });
      return;
    case "cut":
      line.isCut = true;
      return server.cutFeeds();
    case "mend":
      line.isCut = false;
      return;
    case "kill":
      return rig.killWorker();
    case "fault":
      return void server.editFaults.push(...FAULTS.slice(index % FAULTS.length).slice(0, 1));
    case "feeds":
      return server.cutFeeds();
    case "breathe":
      return new Promise<void>((resolve) => setImmediate(resolve));
    case "wait":
      // Until this device has heard of its own connection again, or for as long as it takes to try.
      return void (await panel.link.call("home", {}));
  }
}

const FAULTS: Fault[] = ["refused-connection", "lost", { status: 503, code: "unavailable", retryAfter: 1 }];

async function patch({ panel, taken }: Device, key: string, edit: ConversationPatch): Promise<void> {
  if (!(key in panel.state().conversations)) return;
  await panel.link.call("patch", { conversationId: key, patch: edit });
  for (const [field, value] of Object.entries(edit)) taken.set(`${key} ${field}`, { key, field, value });
}

async function ask({ panel, asked }: Device, conversationId: string, text: string): Promise<void> {
  if (!(conversationId in panel.state().conversations)) return;
  const turn = question(conversationId, text);
  // Refused where it was deleted a moment ago: then the panel still has the words.
  const isTaken = await panel.link.call("ask", turn).then(
    () => true,
    () => false,
  );
  if (isTaken) asked.push({ turnId: turn.turnId, conversationId, text });
}

/** Nothing waits any more, and panel, cache and server have the same rows. */
async function expectSettled(server: Server, { name, panel }: Device): Promise<void> {
  const rows = () => [...server.history.conversations(), { id: "settings", ...server.history.settings() }];
  await expect
    .poll(() => {
      for (const turnId of server.running()) server.emit(turnId, { type: "completed", finishReason: "stop" });
      const { connection, unsentEdits = 0, pending, turns, conversations, settings } = panel.state();
      const waits = [...Object.values(pending), ...Object.values(turns)];
      const here = [...Object.values(conversations), { id: "settings", ...settings }];
      return { status: connection.status, unsentEdits, waits, differences: differencesOf(here, rows()) };
    }, FAST)
    .toEqual({ status: "online", unsentEdits: 0, waits: [], differences: [] });
  const cache = openCache({ serverUrl: "http://127.0.0.1:1", userId: `me ${name}`, onEmptied: () => undefined });
  await expect
    .poll(async () => {
      const { conversations, settings, edits } = await cache.load();
      return { edits, differences: differencesOf([...conversations, { id: "settings", ...settings }], rows()) };
    }, FAST)
    .toEqual({ edits: [], differences: [] });
  cache.close();
}

/** The last value of each field that a panel was told to be taken reached the server, unless the conversation was deleted. */
function expectKept(server: Server, { taken, asked, panel }: Device): void {
  const arrived = new Set(
    server.history.patches.flatMap(({ key, patch: edit }) =>
      Object.entries(edit).map(([field, value]) => JSON.stringify([key, field, value])),
    ),
  );
  for (const { key, field, value } of taken.values()) {
    if (!server.history.isDeleted(key)) expect(arrived).toContain(JSON.stringify([key, field, value]));
  }
  const lost = losses(panel).map(({ text }) => text);
  for (const { turnId, text } of asked) expect(server.posts.includes(turnId) || lost.includes(text)).toBe(true);
}

/** The rows of which only one side has this form. */
function differencesOf(here: readonly Row[], there: readonly Row[]): string[] {
  const [ours, theirs] = [new Set(here.map(formOf)), new Set(there.map(formOf))];
  return [...ours.symmetricDifference(theirs)];
}

type Row = { id: string };

function formOf(row: Row): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
