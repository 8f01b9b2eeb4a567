import { createHash } from "node:crypto";
import * as z from "zod";
import { decodePlace, unknownCursor } from "../../ports/place-cursor.ts";

/** Cursors of the changes feed: the time of a commit, and which deployment's it is. */
export type Cursors = {
  ofCommit(ts: bigint): string;
  /** Fails with `bad_request` when the cursor is of another deployment, or of no store at all. */
  toCommit(cursor: string): bigint;
};

export function createCursors(url: string): Cursors {
  const deployment = createHash("sha256").update(new URL(url).origin).digest("hex").slice(0, 12);
  return {
    ofCommit: (ts) => `${deployment}.${ts}`,
    toCommit(cursor) {
      const match = changesCursor.exec(cursor);
      if (match?.[1] !== deployment || match[2] === undefined) throw unknownCursor();
      return BigInt(match[2]);
    },
  };
}

/** Nineteen digits of nanoseconds reach to the year 2286, and 999… is below the greatest int64 only with eighteen. */
const changesCursor = /^([0-9a-f]{12})\.(0|[1-9]\d{0,17}|[1-8]\d{18})$/;

/** Reads what `encodePlace` made of a conversation's activity. Fails with `bad_request`. */
export function decodeActivity(cursor: string): string {
  return decodePlace(cursor, z.string().regex(/^\d{15}\..+$/).parse);
}

/** Reads what `encodePlace` made of a message's position. Fails with `bad_request`. */
export function decodePosition(cursor: string): number {
  return decodePlace(cursor, z.int().nonnegative().parse);
}
