import * as z from "zod";
import { ApiError } from "../../lib/protocol/errors.ts";
import { idSchema } from "../../lib/protocol/ids.ts";
import type { HttpContext } from "./http-env.ts";

/** The body as JSON of the schema. Fails with `bad_request` naming the field. */
export function parseBody<T extends z.ZodType>(c: HttpContext, schema: T): z.output<T> {
  return parseForm(readJson(c), schema);
}

/** The body as some JSON value. Fails with `bad_request`. */
export function readJson(c: HttpContext): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(c.get("body")));
  } catch (cause) {
    throw new ApiError("bad_request", "The body is not JSON.", { cause });
  }
}

/** Refuses a body where none is taken; `{}` says nothing and passes. */
export function expectNoBody(c: HttpContext): void {
  if (c.get("body").byteLength > 0) parseBody(c, z.strictObject({}));
}

/** The query by the schema. Fails with `bad_request` naming the field; one that is given twice is refused. */
export function parseQuery<T extends z.ZodType>(c: HttpContext, schema: T): z.output<T> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URL(c.req.url).searchParams) {
    if (fields.has(name)) throw new ApiError("bad_request", shortened(`${name}: is given twice`));
    fields.set(name, value);
  }
  return parseForm(Object.fromEntries(fields), schema);
}

/** Refuses a query where none is taken. */
export function expectNoQuery(c: HttpContext): void {
  parseQuery(c, z.strictObject({}));
}

/** A value by its schema. Fails with `bad_request` naming the field. */
export function parseForm<T extends z.ZodType>(value: unknown, schema: T): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiError("bad_request", shortened(parsed.error.issues.slice(0, 5).map(sentenceOf).join("; ")));
}

/** An id from the path. What is no id names nothing: `not_found`. */
export function idOfPath(c: HttpContext, name: string): string {
  const id = idSchema.safeParse(c.req.param(name));
  if (!id.success) throw new ApiError("not_found", "There is no such thing.");
  return id.data;
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`;
}

/** Messages quote names of fields, which are as long as the caller likes. */
function shortened(message: string): string {
  return message.length <= 500 ? message : `${message.slice(0, 500)}…`;
}
