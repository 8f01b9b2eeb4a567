import type { Database } from "./database.ts";

export type Run = <T>(operation: (database: Database) => Promise<T>) => Promise<T>;

/**
 * Runs operations on a database that may be broken: what fails because of that is tried again on a newly opened one and
 * then on an empty one, because all that is in a cache can be had from the server again. `onEmptied` is told of the
 * latter before the operation is repeated.
 */
export function createMender(describe: () => Database, onEmptied: () => void) {
  let current = describe();
  let mending: Promise<void> | undefined;

  async function run<T>(operation: (database: Database) => Promise<T>): Promise<T> {
    await mending;
    const used = current;
    try {
      return await operation(used);
    } catch (error) {
      if (!isBroken(error)) throw error;
      await mend(used, false);
    }
    const reopened = current;
    try {
      return await operation(reopened);
    } catch (error) {
      if (!isBroken(error)) throw error;
      await mend(reopened, true);
    }
    return operation(current);
  }

  /** Operations that fail together mend together: only the first one that used `broken` does it. */
  async function mend(broken: Database, empty: boolean): Promise<void> {
    if (current !== broken) return mending;
    current = describe();
    mending = replace(broken, empty);
    await mending;
    mending = undefined;
  }

  async function replace(broken: Database, empty: boolean): Promise<void> {
    broken.dexie.close();
    if (!empty) return;
    await broken.dexie.delete();
    onEmptied();
  }

  return { run, close: () => current.dexie.close() };
}

/** Names of the errors by which browsers and Dexie tell of a database that cannot be opened or read. */
const BROKEN = [
  "DatabaseClosedError",
  "InvalidStateError",
  "NotFoundError",
  "NotReadableError",
  "OpenFailedError",
  "UnknownError",
  "UpgradeError",
  "VersionError",
  "VersionChangeError",
];

function isBroken(error: unknown): boolean {
  return error instanceof Error && BROKEN.includes(error.name);
}
