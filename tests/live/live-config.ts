import { type Config, readConfig } from "../../server/config.ts";

/** What the environment says of one real service, by how its variables begin; nothing else of it is taken. */
export function liveConfig(prefix: "CONVEX_" | "CLERK_"): Config {
  const given = Object.entries(process.env).filter(([name]) => name.startsWith(prefix));
  const read = readConfig(Object.fromEntries(given));
  if (!read.ok) throw new Error(read.faults.join("\n"));
  return read.config;
}
