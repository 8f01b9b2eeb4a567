import type { Environment } from "./mcp-config.ts";

/** Replaces `${VAR}`, `${env:VAR}` and `${VAR:-default}`, and collects what was wrong and what was put in. */
export type Expander = {
  text(value: string, place: string): string;
  record(values: Record<string, string>, place: string): Record<string, string>;
  faults: string[];
  /** Values of variables that were put in, save those that say nothing secret, like HOME. */
  used: string[];
};

/** An expander that reads `env` only. A variable that is not set and has no default is a fault that names it. */
export function createExpander(env: Environment): Expander {
  const faults: string[] = [];
  const used: string[] = [];

  const text = (value: string, place: string) =>
    value.replace(REFERENCE, (_, name: string, fallback: string | undefined) => {
      const found = env[name] === "" && fallback !== undefined ? undefined : env[name];
      if (found === undefined && fallback === undefined) faults.push(`${place}: the variable ${name} is not set.`);
      if (found !== undefined && !PUBLIC.has(name)) used.push(found);
      return found ?? fallback ?? "";
    });

  const record = (values: Record<string, string>, place: string) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value, `${place}.${key}`)]));

  return { text, record, faults, used };
}

const REFERENCE = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
const PUBLIC: ReadonlySet<string> = new Set(["HOME", "PATH", "USER", "LOGNAME", "PWD", "TMPDIR", "SHELL", "LANG"]);
