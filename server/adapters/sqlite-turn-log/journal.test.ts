import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { Journal } from "./journal.ts";
import { type LiveTurn, liveTurn } from "./live-turn.ts";

it("gives a dead process's running turns their events back and leaves out those of ended ones", () => {
  const database = start();
  const journal = new Journal(database);
  const [a, b] = [turn(1), turn(2)];
  journal.write([entry(a, ["1", "2"]), entry(b, ["3"])]);
  journal.write([]);
  journal.write([entry(a, ["4"])]);
  const again = turn(1);
  new Journal(database).recover(new Map([[1, again]]));
  expect(again.events).toEqual(["1", "2", "4"]);
  expect(again.last).toBe(3);
});

it("keeps what the oldest running turn needs and deletes the rest in small steps", () => {
  const database = start();
  const journal = new Journal(database);
  const [short, long] = [turn(1), turn(2)];
  for (let i = 0; i < 300; i++) journal.write([entry(short, [`${i}`])]);
  for (let i = 0; i < 10; i++) journal.write([entry(short, ["s"]), entry(long, [`${i}`])]);
  journal.keepFor([short, long]);
  expect(journal.trim()).toBe(false);
  journal.keepFor([long]);
  expect(journal.isOvergrown).toBe(true);
  const left: unknown[] = [];
  while (journal.trim()) left.push(count(database));
  expect(left).toEqual([182, 54, 10]);
  expect(journal.isOvergrown).toBe(false);
  journal.keepFor([]);
  expect(journal.trim()).toBe(true);
  expect(count(database)).toBe(0);
});

it("goes on behind the entries that a dead process left, and trims those too", () => {
  const database = start();
  const first = new Journal(database);
  const before = turn(1);
  for (let i = 0; i < 5; i++) first.write([entry(before, [`${i}`])]);
  const recovered = turn(1);
  const second = new Journal(database);
  second.recover(new Map([[1, recovered]]));
  second.write([entry(recovered, ["5"])]);
  expect(count(database)).toBe(6);
  second.keepFor([recovered]);
  expect(second.trim()).toBe(false);
  second.keepFor([]);
  second.trim();
  expect(count(database)).toBe(0);
});

function start(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE journal (id INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT");
  return database;
}

function turn(no: number): LiveTurn {
  return liveTurn(no, { turnId: `turn-${no}`, userId: "user", conversationId: `conversation-${no}` });
}

function entry(of: LiveTurn, events: string[]) {
  const { turnId, conversationId } = of;
  return { turn: of, batch: { turnId, conversationId, firstSeq: 1, events, ended: false } };
}

function count(database: DatabaseSync): unknown {
  return database.prepare("SELECT count(*) AS n FROM journal").get()?.n;
}
