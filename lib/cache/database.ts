/**
 * IndexedDB with promises, as much of it as the cache needs. A library would do the same, but the smallest that fits the
 * task is half of the background's size budget.
 */
export type StoreName = "conversations" | "messages" | "outbox" | "drafts" | "meta";

/** The stores within one transaction. Only these calls may be awaited before it ends: the browser commits it otherwise. */
export type Stores = {
  get(store: StoreName, key: string): Promise<unknown>;
  all(store: StoreName): Promise<unknown[]>;
  /** The rows whose field `index` has that value. */
  where(store: "messages", index: "conversationId" | "turnId" | "status", value: string): Promise<unknown[]>;
  /** The first rows by `createdAt`. */
  oldest(store: "messages", limit: number): Promise<unknown[]>;
  count(store: StoreName): Promise<number>;
  put(store: StoreName, row: unknown): Promise<unknown>;
  remove(store: StoreName, key: string): Promise<unknown>;
  clear(store: StoreName): Promise<unknown>;
};

export type Database = {
  /** One transaction over all stores; it is committed when this resolves, and undone when `work` throws. */
  transact<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>): Promise<T>;
  close(): void;
  /** Closes and deletes it. */
  destroy(): Promise<void>;
};

/** Describes a database; it is opened at once, and a failure of that is one of the first transaction. */
export function openDatabase(name: string, factory: IDBFactory): Database {
  const opening = open(name, factory);
  // It is reported by whatever uses the database first.
  opening.catch(() => undefined);
  const close = () => void opening.then((db) => db.close()).catch(() => undefined);

  async function transact<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>): Promise<T> {
    const transaction = (await opening).transaction(Object.keys(KEYS), mode);
    let ended = false;
    const committed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
    }).finally(() => {
      ended = true;
    });
    try {
      const result = await work(storesOf(transaction));
      await committed;
      return result;
    } catch (error) {
      // What failed is told by `error`; that the transaction ends by it is not a second failure.
      committed.catch(() => undefined);
      if (!ended) transaction.abort();
      throw error;
    }
  }

  async function destroy(): Promise<void> {
    close();
    await settled(factory.deleteDatabase(name));
  }

  return { transact, close, destroy };
}

const VERSION = 1;

const KEYS: Record<StoreName, string> = {
  conversations: "id",
  messages: "id",
  outbox: "turn.turnId",
  drafts: "key",
  meta: "key",
};

function open(name: string, factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(name, VERSION);
  request.onupgradeneeded = () => {
    for (const [store, keyPath] of Object.entries(KEYS)) request.result.createObjectStore(store, { keyPath });
    const messages = request.transaction?.objectStore("messages");
    for (const index of ["conversationId", "turnId", "status", "createdAt"]) messages?.createIndex(index, index);
  };
  return settled(request).then((db) => {
    // Another worker deletes or upgrades it: this one must not stand in the way.
    db.onversionchange = () => db.close();
    return db;
  });
}

function storesOf(transaction: IDBTransaction): Stores {
  const store = (name: StoreName) => transaction.objectStore(name);
  return {
    get: (name, key) => settled(store(name).get(key)),
    all: (name) => settled(store(name).getAll()),
    where: (name, index, value) => settled(store(name).index(index).getAll(value)),
    oldest: (name, limit) => settled(store(name).index("createdAt").getAll(null, limit)),
    count: (name) => settled(store(name).count()),
    put: (name, row) => settled(store(name).put(row)),
    remove: (name, key) => settled(store(name).delete(key)),
    clear: (name) => settled(store(name).clear()),
  };
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
