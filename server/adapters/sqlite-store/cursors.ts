import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { unknownCursor } from "../../ports/place-cursor.ts";

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
