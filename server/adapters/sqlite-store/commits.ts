import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";

/** The revision of this commit: every row that it writes takes it. */
export type Revise = () => number;

export type Commits = {
  /** Runs `work` in one transaction: all of it is committed, or nothing when it throws. */
  write<Result>(userId: string, work: (revise: Revise) => Result): Result;
};

/** `onCommit` is called after each commit that took a revision, with it. */
export function createCommits(db: DatabaseSync, onCommit: (userId: string, revision: number) => void): Commits {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  const advance = db.prepare("UPDATE store SET revision = revision + 1 RETURNING revision");

  return {
    write(userId, work) {
      let revision: number | undefined;
      const revise = () => {
        revision ??= revisionRow.parse(advance.get()).revision;
        return revision;
      };
      begin.run();
      try {
        const result = work(revise);
        commit.run();
        if (revision !== undefined) onCommit(userId, revision);
        return result;
      } finally {
        if (db.isTransaction) rollback.run();
      }
    },
  };
}

const revisionRow = z.object({ revision: z.number() });
