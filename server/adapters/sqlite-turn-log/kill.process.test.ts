import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { TurnLog } from "../../ports/turn-log.ts";
import { RecordingReader } from "../../ports/turn-log-contract/fixture.ts";
import { createSqliteTurnLog } from "./index.ts";

const PRODUCER = fileURLToPath(new URL("../../../tests/fixtures/turn-log-producer.ts", import.meta.url));
const LANES = 4;
const KILLS_PER_LANE = 5;

it("loses nothing that a reader saw when its process is killed, twenty times", async () => {
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    const folder = mkdtempSync(join(tmpdir(), "turn-log-kill-"));
    const path = join(folder, "turns.db");
    // The same file again and again: what one crash leaves is there at the next.
    for (let kill = 0; kill < KILLS_PER_LANE; kill++) {
      const seen = await seenUntilKilled(path, 1 + Math.floor(Math.random() * 150 * (lane + 1)));
      const log = createSqliteTurnLog({ path });
      await expectAll(log, seen);
      await closeOrphans(log);
      await log.close();
    }
    rmSync(folder, { recursive: true });
  });
  await Promise.all(lanes);
});

/** Kills a producer after so many batches; the events of all batches that its reader saw, by turn. */
async function seenUntilKilled(path: string, batches: number): Promise<Map<string, string[]>> {
  const producer = spawn(process.execPath, [PRODUCER, path], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(producer, "exit");
  const errors = textOf(producer);
  const seen = new Map<string, string[]>();
  let lines = 0;
  for await (const line of createInterface({ input: producer.stdout })) {
    const batch: { turnId: string; firstSeq: number; events: string[] } = JSON.parse(line);
    const events = seen.get(batch.turnId) ?? [];
    expect(batch.firstSeq).toBe(events.length + 1);
    events.push(...batch.events);
    seen.set(batch.turnId, events);
    lines += 1;
    if (lines === 1) expect(() => createSqliteTurnLog({ path })).toThrow(/in use by another server/);
    if (lines === batches) producer.kill("SIGKILL");
  }
  const [, signal] = await exited;
  expect({ signal, errors: errors.join("") }).toMatchObject({ signal: "SIGKILL" });
  return seen;
}

function textOf(producer: ChildProcess): string[] {
  const pieces: string[] = [];
  producer.stderr?.on("data", (piece) => pieces.push(String(piece)));
  return pieces;
}

async function expectAll(log: TurnLog, seen: ReadonlyMap<string, string[]>): Promise<void> {
  const orphans = new Map((await log.orphans()).map((turn) => [turn.claim.turnId, turn]));
  for (const [turnId, events] of seen) {
    const expected = events.map((event) => JSON.parse(event));
    const reader = new RecordingReader();
    await log.attach(turnId, 0, reader);
    expect(reader.eventsOf(turnId).slice(0, expected.length)).toEqual(expected);
    const orphan = orphans.get(turnId);
    expect(orphan === undefined).toBe(reader.hasEnd(turnId));
    if (orphan !== undefined) expect(orphan.events).toEqual(reader.eventsOf(turnId));
  }
}

async function closeOrphans(log: TurnLog): Promise<void> {
  for (const { claim } of await log.orphans()) {
    await log.settle(claim.turnId, { type: "failed", code: "interrupted", message: "killed", retryable: true });
    await log.finish(claim.turnId, { saved: true });
  }
}
