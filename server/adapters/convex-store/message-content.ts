import { createHash } from "node:crypto";
import { type Message, messageSchema } from "../../../lib/protocol/messages.ts";
import { searchableText } from "../../ports/found-text/searchable-text.ts";

/** What a message is made of, as the Convex store keeps it. */
export type StoredContent = {
  /** Names the content: the same content has the same version, whoever writes it. */
  version: string;
  /** UTF-16 units. */
  size: number;
  /** Its JSON in pieces that a document can hold. */
  pieces: string[];
  /** The text that can be found, in pieces of which the index takes one each. */
  texts: string[];
};

/** The fields of a message that the turn made. */
export type Content = Pick<Message, "parts" | "model" | "usage" | "error">;

/** JSON keeps every UTF-16 unit, also lone surrogates, which Convex's own strings refuse. */
export function storedContent({ parts, model, usage, error }: Content): StoredContent {
  const json = JSON.stringify({ parts, model, usage, error });
  const version = createHash("sha256").update(json).digest("hex").slice(0, 32);
  const text = searchableText(parts).toWellFormed();
  const texts = text.trim() === "" ? [] : cutText(text, { units: TEXT_UNITS, overlap: TEXT_OVERLAP });
  return { version, size: json.length, pieces: cutText(json, { units: PIECE_UNITS, overlap: 0 }), texts };
}

/** The message that a row and its JSON describe. Throws when they describe none. */
export function readContent(frame: Omit<Message, keyof Content>, json: string): Message {
  const content: unknown = JSON.parse(json);
  return messageSchema.parse({ ...frame, ...contentSchema.parse(content) });
}

/**
 * Cuts a text into pieces of at most `units` UTF-16 units, never inside a pair, each with the end of the one before. Pairs
 * may move both ends of a piece, so `overlap` must be less than `units` by three.
 */
export function cutText(text: string, { units, overlap }: { units: number; overlap: number }): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (text.length - start > units) {
    const end = isInsidePair(text, start + units) ? start + units - 1 : start + units;
    pieces.push(text.slice(start, end));
    start = isInsidePair(text, end - overlap) ? end - overlap - 1 : end - overlap;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** At most 768 KiB of UTF-8, which leaves room in a document of 1 MiB. */
const PIECE_UNITS = 256 * 1024;
/** Short, because a search reads hundreds of them. */
const TEXT_UNITS = 2_000;
/** What is searched for and falls on a cut is found when it is not longer than this. */
const TEXT_OVERLAP = 100;

function isInsidePair(text: string, index: number): boolean {
  const code = text.codePointAt(index - 1);
  return code !== undefined && code > 0xffff;
}

const contentSchema = messageSchema.pick({ parts: true, model: true, usage: true, error: true });
