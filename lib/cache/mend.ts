import type { Database, Stores } from "./database.ts";

/** One transaction. */
export type Transact = <T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>) => Promise<T>;

/**
 * Runs transactions on a database that may be broken: what fails because of that is tried again on a newly opened one
 * and then on an empty one, because all that is in a cache can be had from the server again. `onEmptied` is told of the
 * latter before the transaction is repeated.
 */
export function createMender(open: () => Database, onEmptied: () => void) {
  let current = open();
  let mending: Promise<void> | undefined;
  let closed = false;

  const transact: Transact = async (mode, work) => {
    for (const empty of [false, true]) {
      await mending;
      const used = current;
      try {
        return await used.transact(mode, work);
      } catch (error) {
        if (closed || !isBroken(error)) throw error;
        await mend(used, empty);
      }
    }
    return current.transact(mode, work);
  };

  /** Transactions that fail together mend together: only the first that used `broken` does it. */
  async function mend(broken: Database, empty: boolean): Promise<void> {
    if (current === broken) {
      mending ??= replace(broken, empty).finally(() => {
        mending = undefined;
      });
    }
    await mending;
  }

  async function replace(broken: Database, empty: boolean): Promise<void> {
    if (empty) await broken.destroy();
    else broken.close();
    current = open();
    if (empty) onEmptied();
  }

  function close(): void {
    closed = true;
    current.close();
  }

  return { transact, close };
}

/** Names of the errors by which browsers tell of a database that cannot be opened or read. */
const BROKEN = ["InvalidStateError", "NotFoundError", "NotReadableError", "UnknownError", "VersionError", "AbortError"];

function isBroken(error: unknown): boolean {
  return error instanceof Error && BROKEN.includes(error.name);
}
