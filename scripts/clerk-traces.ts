import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Words of Clerk's packages that our own code has not. */
const OF_CLERK = /__clerk|clerk_db_jwt|clerkTraceId|ClerkProvider|ClerkAPI|clerk\.accounts|accounts\.dev|clerk-js/;

/** The files of a build in which something of Clerk's packages stands, by their paths in it. */
export function clerkTraces(extensionDir: string): string[] {
  return readdirSync(extensionDir, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(js|mjs|html|json)$/.test(file))
    .filter((file) => OF_CLERK.test(readFileSync(join(extensionDir, file), "utf8")))
    .toSorted();
}
