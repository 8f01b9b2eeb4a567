import { createHash } from "node:crypto";

/** The longest `server__tool` that model endpoints take. */
const NAME_LENGTH = 64;
const HASH_LENGTH = 8;

/**
 * Names that a model may call, by the server's own names: [a-zA-Z0-9_-], unique, and short enough for `server__tool`.
 * Names that are fine stay as they are; a mapped one gets a hash of the whole name when it is cut or would be taken.
 * Empty and double names are left out.
 */
export function callableNames(server: string, originals: readonly string[]): ReadonlyMap<string, string> {
  const room = NAME_LENGTH - server.length - "__".length;
  const unique = [...new Set(originals)].filter((name) => name !== "");
  const fine = unique.filter((name) => isFine(name, room));
  const taken = new Set(fine);
  const names = new Map(fine.map((name) => [name, name]));

  // Sorted, so that a name does not depend on the order in which the server lists: approvals are remembered by it.
  for (const original of unique.filter((name) => !isFine(name, room)).sort()) {
    const mapped = original.replace(/[^a-zA-Z0-9_-]/gu, "_");
    const name = mapped.length <= room && !taken.has(mapped) ? mapped : withHash(mapped, original, room);
    if (taken.has(name)) continue;
    taken.add(name);
    names.set(original, name);
  }
  return names;
}

function isFine(name: string, room: number): boolean {
  return name.length <= room && /^[a-zA-Z0-9_-]+$/.test(name);
}

function withHash(mapped: string, original: string, room: number): string {
  const hash = createHash("sha256").update(original).digest("hex").slice(0, HASH_LENGTH);
  return `${mapped.slice(0, room - HASH_LENGTH - 1)}_${hash}`;
}
