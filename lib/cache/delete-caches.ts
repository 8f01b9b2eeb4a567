import { deleteDB } from "idb";

/** The name of an account's database: each pair of server and user has its own. An address has no space in it. */
export function cacheName({ serverUrl, userId }: { serverUrl: string; userId: string }): string {
  return `${PREFIX}${serverUrl} ${userId}`;
}

/** Deletes the databases of these users, on every server. One that is open closes itself for that. */
export async function deleteCaches(isGone: (userId: string) => boolean): Promise<void> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const gone = names.filter((name) => {
    const userId = /^\S+ (.*)$/s.exec(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : "")?.[1];
    return userId !== undefined && isGone(userId);
  });
  await Promise.all(gone.map((name) => deleteDB(name)));
}

const PREFIX = "sidestream ";
