import { existsSync } from "node:fs";
import * as z from "zod";
import { clerkFaults, clerkFields } from "./clerk-config.ts";
import { convexFaults, convexFields } from "./convex-config.ts";
import { isOrigin } from "./is-origin.ts";

export type Config = z.output<typeof environmentSchema>;

export type ConfigResult = { ok: true; config: Config } | { ok: false; faults: string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of the process, completed by the file `.env` of the working directory when there is one (what the
 * environment says already stands).
 */
export function loadEnvironment(): Environment {
  if (existsSync(".env")) process.loadEnvFile(".env");
  return process.env;
}

/** The configuration that an environment describes, or all that is wrong with it: one line per fault, variable first. */
export function readConfig(environment: Environment): ConfigResult {
  // An empty variable is an unset one: `.env` files list what they leave open as `NAME=`.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = environmentSchema.safeParse(given);
  const faults = [
    ...(parsed.error?.issues ?? []).map(faultOf),
    ...faultsOfLaterParts(given),
    ...faultsBetween(given),
    ...clerkFaults(given),
    ...convexFaults(given),
  ];
  return parsed.success && faults.length === 0 ? { ok: true, config: parsed.data } : { ok: false, faults };
}

function wholeNumber(from: number, to: number, unset: number) {
  const message = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message)
    .default(unset);
}

/** A secret that fits into an Authorization header. */
function secret(minLength: number) {
  return z
    .string()
    .min(minLength, `must have ${minLength} characters or more`)
    .regex(/^[\x21-\x7e]+$/, "must be of visible ASCII characters without spaces");
}

/** `alias=id,…`; an id alone is its own alias. */
const modelsSchema = z.string().transform((value, context) => {
  const models: { alias: string; id: string }[] = [];
  for (const entry of value.split(",").map((text) => text.trim())) {
    const [, alias, id] = /^(?:([^=\s]{1,200})=)?([^=\s]{1,200})$/.exec(entry) ?? [];
    if (id === undefined) {
      context.addIssue({ code: "custom", message: `must be a list "alias=id,…"; "${entry}" is not of this form` });
      return z.NEVER;
    }
    models.push({ alias: alias ?? id, id });
  }
  const twice = models.find((model, index) => models.findIndex(({ alias }) => alias === model.alias) !== index);
  if (twice !== undefined) context.addIssue({ code: "custom", message: `names "${twice.alias}" twice` });
  return models;
});

const originsSchema = z.string().transform((value, context) => {
  const origins = value.split(",").map((text) => text.trim());
  for (const origin of origins.filter((text) => !isOrigin(text))) {
    const message = `must be a list of origins such as https://example.org, divided by commas; "${origin}" is none`;
    context.addIssue({ code: "custom", message });
  }
  return origins;
});

const environmentSchema = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535, 8787),
  DATA_DIR: z.string().default("./data"),
  OPENROUTER_API_KEY: secret(1).optional(),
  OPENROUTER_BASE_URL: z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .default("https://openrouter.ai/api/v1"),
  MODELS: modelsSchema.optional(),
  DEFAULT_MODEL: z.string().optional(),
  LOCAL_TOKEN: secret(32).optional(),
  ...clerkFields,
  ...convexFields,
  MCP_CONFIG: z.string().optional(),
  MAX_TOOL_ROUNDS: wholeNumber(1, 100, 10),
  ALLOWED_ORIGINS: originsSchema.default([]),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    })
    .default("info"),
  METRICS_TOKEN: secret(1).optional(),
  MODEL_IDLE_TIMEOUT_MS: wholeNumber(1, 3_600_000, 60_000),
  TOOL_TIMEOUT_MS: wholeNumber(1, 3_600_000, 60_000),
  APPROVAL_TIMEOUT_MS: wholeNumber(1, 86_400_000, 300_000),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1, 100_000_000, 600),
  SQLITE_SYNCHRONOUS: z.enum(["NORMAL", "FULL"], { error: "must be NORMAL or FULL" }).default("NORMAL"),
});

/** Parts that the design names and this version does not have: refusing them is better than running without them. */
const LATER_PARTS = [{ pattern: /^REDIS_URL$/, what: "the Redis turn log" }] as const;

function faultsOfLaterParts(given: Environment): string[] {
  return Object.keys(given)
    .toSorted()
    .flatMap((name) => {
      const part = LATER_PARTS.find(({ pattern }) => pattern.test(name));
      return part === undefined ? [] : [`${name}: ${part.what} is not in this version yet; remove the variable`];
    });
}

function faultsBetween(given: Environment): string[] {
  const models = modelsSchema.optional().safeParse(given.MODELS);
  const unlisted =
    given.DEFAULT_MODEL !== undefined &&
    models.data !== undefined &&
    !models.data.some(({ alias }) => alias === given.DEFAULT_MODEL);
  return unlisted ? ["DEFAULT_MODEL: must be one of the aliases in MODELS"] : [];
}

function faultOf(issue: z.core.$ZodIssue): string {
  return `${issue.path.join(".")}: ${issue.message}`;
}
