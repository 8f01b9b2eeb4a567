import { deleteDB } from "idb";
import { type Database, inTransaction, openDatabase, type Transaction } from "./database.ts";

export type MendedDatabase = ReturnType<typeof openMended>;

/**
 * A database that may be broken: what fails because of that is tried again on a newly opened one and then on an empty
 * one, because all that is in a cache can be had from the server again. `onEmptied` is told of the latter before the
 * work is repeated.
 */
export function openMended(name: string, onEmptied: () => void) {
  let current = open();
  let mending: Promise<void> | undefined;
  let closed = false;

  /** One call, which is a transaction of its own. */
  async function use<T>(work: (db: Database) => Promise<T>): Promise<T> {
    for (const empty of [false, true]) {
      await mending;
      const used = current;
      try {
        return await work(await used);
      } catch (error) {
        if (closed || !isBroken(error)) throw error;
        await mend(used, empty);
      }
    }
    return work(await current);
  }

  /** Several calls in one transaction over all stores. */
  function transact<Mode extends IDBTransactionMode, T>(
    mode: Mode,
    work: (transaction: Transaction<Mode>) => Promise<T>,
  ): Promise<T> {
    return use((db) => inTransaction(db, mode, work));
  }

  /** Works that fail together mend together: only the first that used `broken` does it. */
  async function mend(broken: Promise<Database>, empty: boolean): Promise<void> {
    if (current === broken) {
      mending ??= replace(empty).finally(() => {
        mending = undefined;
      });
    }
    await mending;
  }

  async function replace(empty: boolean): Promise<void> {
    closeCurrent();
    if (empty) await deleteDB(name);
    // It may have been closed meanwhile, because its person signs out: nothing of theirs comes back.
    if (closed) return;
    current = open();
    if (empty) onEmptied();
  }

  function open(): Promise<Database> {
    const opening = openDatabase(name);
    // A failure is reported by whatever uses the database first.
    opening.catch(() => undefined);
    return opening;
  }

  function closeCurrent(): void {
    current.then((db) => db.close()).catch(() => undefined);
  }

  function close(): void {
    closed = true;
    closeCurrent();
  }

  return { use, transact, close };
}

/** Names of the errors by which browsers tell of a database that cannot be opened or read. */
const BROKEN = ["InvalidStateError", "NotFoundError", "NotReadableError", "UnknownError", "VersionError", "AbortError"];

function isBroken(error: unknown): boolean {
  return error instanceof Error && BROKEN.includes(error.name);
}
