import type { Plugin } from "vite";

const CLERK_INTERFACE = "@clerk/ui/no-rhc";
const NO_INTERFACE = "\0no-clerk-interface";
const CLERK_CLIENT = /@clerk\/clerk-js\/dist\/clerk\.no-rhc\.mjs$/;
/** Lists of common passwords, one string of words each. */
const WORD_LIST = /"[^"\\]{5000,}"\.split\(","\)/g;
const MAKES_CODE = 'Function("return this")()';
/** Unless it is told not to, the client notes what its user does for a server of Clerk's makers; in a worker nobody can tell it. */
const NOTES_USE = /!1!==this\.#\w+\.telemetry&&/;

/**
 * Leaves out of the build what of Clerk is never used here. The panel has forms of its own, so Clerk's (400 KB gzip, and a
 * second chunk that a worker cannot load) become an empty module, and the word lists by which they judge passwords (230 KB
 * gzip, parsed at each start of the worker) become empty; Clerk itself judges a new password all the same. And nobody
 * but the person's own instance is told anything.
 */
export function trimClerk(): Plugin {
  return {
    name: "trim-clerk",
    enforce: "pre",
    resolveId: {
      filter: { id: new RegExp(`^${CLERK_INTERFACE}$`) },
      handler: () => NO_INTERFACE,
    },
    load: {
      filter: { id: new RegExp(`^${NO_INTERFACE}$`) },
      handler: () => "export const ui = undefined;",
    },
    transform: {
      filter: { id: CLERK_CLIENT },
      handler: trimClient,
    },
  };
}

/** The code of Clerk's client, in the file `id`, without what is not needed of it. Fails when it does not hold that any more. */
export function trimClient(code: string, id: string): string {
  const trimmed = code.replaceAll(WORD_LIST, "[]");
  if (trimmed === code) throw new Error(`clerk-in-build.ts: ${id} holds no word lists any more`);
  // For browsers without `globalThis`; the linter of addons.mozilla.org warns of it.
  if (!trimmed.includes(MAKES_CODE)) throw new Error(`clerk-in-build.ts: ${id} no longer holds ${MAKES_CODE}`);
  if (!NOTES_USE.test(trimmed)) throw new Error(`clerk-in-build.ts: ${id} no longer holds ${NOTES_USE.source}`);
  return trimmed.replaceAll(MAKES_CODE, "globalThis").replace(NOTES_USE, "!1&&");
}
