import { describe, expect, it } from "vitest";
import type { Change, Changes } from "../../../lib/protocol/responses.ts";
import type { OpenTurn, Store } from "../store.ts";
import { ALICE, answerOf, LIMITS_TRIED, type OpenStore, turnAfter, turnOf, withStore } from "./samples.ts";

/** Pages of changes end between commits, also while writes go on. */
export function describeWholeCommits(open: OpenStore): void {
  describe("whole commits", () => {
    it.each(LIMITS_TRIED)("are never cut by a page of %i rows, nothing is lost or doubled", (limit) =>
      withStore(open, async (store) => {
        const book = newBook(store);
        for (let round = 0; round < 10; round += 1) await writeRound(book);
        expect(await readAll(book, limit, async () => undefined)).toBeGreaterThan(30 / (limit + 3));
      })(),
    );

    it.each(LIMITS_TRIED)("are whole in pages of %i rows while writes go on between the pages", (limit) =>
      withStore(open, async (store) => {
        const book = newBook(store);
        for (let round = 0; round < 8; round += 1) await writeRound(book);
        let writes = 0;
        await readAll(book, limit, async () => {
          writes += 1;
          if (writes <= 12) await writeOne(book, writes);
        });
      })(),
    );
  });
}

/** What was written: the store, its turns, and which commit each row had its last form from. */
type Book = { store: Store; turns: OpenTurn[]; commitOf: Map<string, number>; commits: number };

function newBook(store: Store): Book {
  return { store, turns: [], commitOf: new Map(), commits: 0 };
}

/** Two conversations, of which one goes on and ends, and the settings. */
async function writeRound(book: Book): Promise<void> {
  const left = await opened(book, turnOf());
  await ended(book, left);
  const right = await opened(book, turnOf());
  await opened(book, turnAfter(left));
  await set(book, `model-${book.commits}`);
  if (book.commits % 3 === 0) await ended(book, right);
}

/** One write: to what the reader may have passed, to what is ahead of it, or something new. */
async function writeOne(book: Book, number: number): Promise<void> {
  const turn = book.turns[(number * 7) % book.turns.length];
  if (turn === undefined) throw new Error("no turn was opened");
  const kind = number % 4;
  if (kind === 0) await opened(book, turnOf());
  if (kind === 1) await opened(book, turnAfter(turn));
  if (kind === 2) await ended(book, await opened(book, turnOf()));
  if (kind === 3) await set(book, `model-${book.commits}`);
}

async function opened(book: Book, turn: OpenTurn): Promise<OpenTurn> {
  await book.store.openTurn(ALICE, turn);
  note(book, turn.conversationId, turn.userMessageId, turn.assistantMessageId);
  book.turns.push(turn);
  return turn;
}

async function ended(book: Book, turn: OpenTurn): Promise<void> {
  await book.store.saveAnswer(ALICE, answerOf(turn));
  note(book, turn.conversationId, turn.assistantMessageId);
}

async function set(book: Book, model: string): Promise<void> {
  await book.store.patchSettings(ALICE, { model });
  note(book, SETTINGS);
}

/** Files the rows under a new commit. */
function note(book: Book, ...rows: string[]): void {
  book.commits += 1;
  for (const row of rows) book.commitOf.set(row, book.commits);
}

/** Reads to the end, `between` the pages too, and checks each page and the whole. Returns the number of pages. */
async function readAll(book: Book, limit: number, between: () => Promise<void>): Promise<number> {
  const seen: string[] = [];
  let after: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page: Changes = await book.store.changes(ALICE, { limit, ...(after !== undefined && { after }) });
    const rows = rowsOf(page);
    const commits = new Set(rows.map((row) => book.commitOf.get(row)));
    const whole = [...book.commitOf].filter(([, commit]) => commits.has(commit)).map(([row]) => row);
    expect(rows.sort(), `page ${pages} holds its commits whole`).toEqual(whole.sort());
    seen.push(...rows.map((row) => formOf(book, row)));
    if (!page.more) {
      expect(new Set(seen).size, "no form of a row comes twice").toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining([...book.commitOf.keys()].map((row) => formOf(book, row))));
      expect(page.cursor).toBe(await book.store.cursor(ALICE));
      return pages;
    }
    after = page.cursor;
    await between();
  }
}

function formOf({ commitOf }: Book, row: string): string {
  return `${row} as of commit ${commitOf.get(row)}`;
}

function rowsOf({ changes, settings }: Changes): string[] {
  return [...changes.map(idOf), ...(settings === undefined ? [] : [SETTINGS])];
}

function idOf(change: Change): string {
  if (change.kind === "conversation") return change.conversation.id;
  return change.kind === "message" ? change.message.id : change.id;
}

const SETTINGS = "settings";
