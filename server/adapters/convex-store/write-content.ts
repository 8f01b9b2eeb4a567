import type { FunctionArgs } from "convex/server";
import type { internal } from "../../../convex/_generated/api.js";
import type { StoredContent } from "./message-content.ts";
import { indexTerms } from "./search-terms.ts";

type Body = FunctionArgs<typeof internal.answers.save>["body"];
type Batch = Pick<FunctionArgs<typeof internal.answers.stage>, "batch" | "from" | "contents" | "texts">;

/** Whether a content goes with its message's mutation; if not, it is staged in batches before. */
export function fitsOneCall({ pieces, texts }: StoredContent): boolean {
  return pieces.length <= ONE_CALL.pieces && texts.length <= ONE_CALL.texts;
}

/** The content as a function takes it. */
export function bodyOf({ version, size, pieces, texts }: StoredContent): Body {
  return { version, size, contents: pieces, texts: texts.map(searchTextOf) };
}

/** The content without what was staged. */
export function bodyOfStaged({ version, size }: StoredContent): Body {
  return { version, size, contents: [], texts: [] };
}

/** How many batches a content is staged in: the same content always in the same. */
export function batchCount({ pieces, texts }: StoredContent): number {
  return Math.max(Math.ceil(pieces.length / BATCH.pieces), Math.ceil(texts.length / BATCH.texts));
}

/** Batch number `batch`. The terms of its texts are made here, batch by batch: of 5 MB they take up to a second. */
export function batchOf({ pieces, texts }: StoredContent, batch: number): Batch {
  const from = batch * BATCH.pieces;
  const found = texts.slice(batch * BATCH.texts, (batch + 1) * BATCH.texts);
  return { batch, from, contents: pieces.slice(from, from + BATCH.pieces), texts: found.map(searchTextOf) };
}

/** A piece of text with the words that it is found by. */
export function searchTextOf(text: string): { text: string; terms: string } {
  return { text, terms: indexTerms(text) };
}

/** Far under 16 MiB of arguments and of writes even when every unit takes three bytes, and its terms seven. */
const ONE_CALL = { pieces: 2, texts: 100 };
const BATCH = { pieces: 2, texts: 100 };
