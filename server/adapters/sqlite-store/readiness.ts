import type { DatabaseSync } from "node:sqlite";

/** Commits a row: a full or read-only disk shows in nothing less. */
export function readiness(db: DatabaseSync, now: () => Date): () => void {
  const touch = db.prepare("UPDATE store SET checked_at = $at");
  return () => {
    touch.run({ at: now().toISOString() });
  };
}
