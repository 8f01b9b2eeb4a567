import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";

/** Gives the row that is being written the next revision. */
export type Revise = () => number;

export type Commits = {
  /** Runs `work` in one transaction: all of it is committed, or nothing when it throws. */
  write<Result>(userId: string, work: (revise: Revise) => Result): Result;
};

/** `onCommit` is called after each commit in which a revision was given, with the newest one. */
export function createCommits(db: DatabaseSync, onCommit: (userId: string, revision: number) => void): Commits {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  const advance = db.prepare("UPDATE store SET revision = revision + 1 RETURNING revision");

  return {
    write(userId, work) {
      let newest: number | undefined;
      const revise = () => {
        newest = revisionRow.parse(advance.get()).revision;
        return newest;
      };
      begin.run();
      try {
        const result = work(revise);
        commit.run();
        if (newest !== undefined) onCommit(userId, newest);
        return result;
      } finally {
        if (db.isTransaction) rollback.run();
      }
    },
  };
}

const revisionRow = z.object({ revision: z.number() });
