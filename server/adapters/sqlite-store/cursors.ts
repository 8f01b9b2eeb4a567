import { Buffer } from "node:buffer";
import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { ApiError } from "../../../lib/protocol/errors.ts";

export type Cursors = {
  ofRevision(revision: number): string;
  /** Fails with `bad_request` when the cursor is of another database or from a future that was lost (power cut, old backup). */
  toRevision(cursor: string): number;
};

/** Cursors of the changes feed. They name the database, so a client that has rows of another one starts anew. */
export function createCursors(db: DatabaseSync): Cursors {
  const storeId = storeRow.parse(db.prepare("SELECT id FROM store").get()).id;
  const newest = db.prepare("SELECT revision FROM store");

  return {
    ofRevision: (revision) => `${storeId}.${revision}`,
    toRevision(cursor) {
      const match = changesCursor.exec(cursor);
      const revision = Number(match?.[2]);
      if (match?.[1] !== storeId || revision > revisionRow.parse(newest.get()).revision) throw unknownCursor();
      return revision;
    },
  };
}

const changesCursor = /^([0-9a-f]+)\.(0|[1-9]\d{0,14})$/;
const storeRow = z.object({ id: z.string() });
const revisionRow = z.object({ revision: z.number() });

/** The cursor of a page: where its last row stands in the order. */
export function encodePlace(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** Reads what `encodePlace` made. Fails with `bad_request`. */
export function decodePlace<Schema extends z.ZodType>(cursor: string, schema: Schema): z.output<Schema> {
  const place = jsonOf(Buffer.from(cursor, "base64url").toString());
  const parsed = schema.safeParse(place);
  if (!parsed.success) throw unknownCursor(parsed.error);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unknownCursor(cause);
  }
}

function unknownCursor(cause?: unknown): ApiError {
  return new ApiError("bad_request", "This cursor is not known here: start again without it.", { cause });
}
