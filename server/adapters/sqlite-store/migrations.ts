import type { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { PERSON_SCHEMA } from "./person-schema.ts";
import { FIRST_SCHEMA } from "./schema.ts";

/** Brings the database to the newest schema, each step in its own transaction. Throws when it is not ours or too new. */
export function migrate(db: DatabaseSync): void {
  const version = userVersion.parse(db.prepare("PRAGMA user_version").get()).user_version;
  if (version > STEPS.length) {
    throw new Error(
      `it has schema version ${version}, and this Sidestream knows versions up to ${STEPS.length}; ` +
        "start the newer Sidestream that wrote it",
    );
  }
  if (version === 0 && db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined) {
    throw new Error("it is a database of another program");
  }
  const health = quickCheck.parse(db.prepare("PRAGMA quick_check(1)").get()).quick_check;
  if (health !== "ok") throw new Error(`it is damaged (${health})`);
  STEPS.slice(version).forEach((step, index) => {
    db.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${version + index + 1}; COMMIT;`);
  });
}

/** Step n brings version n to n + 1. A released step is never changed: add one. */
const STEPS: readonly string[] = [FIRST_SCHEMA, PERSON_SCHEMA];

const userVersion = z.object({ user_version: z.number() });
const quickCheck = z.object({ quick_check: z.string() });
