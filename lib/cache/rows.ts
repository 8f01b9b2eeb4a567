import * as z from "zod";
import { conversationSchema } from "../protocol/messages.ts";

/** `trimmed`: the oldest messages were dropped here and must be asked of the server. */
export const keptConversationSchema = conversationSchema.extend({ trimmed: z.boolean().optional() });
export type KeptConversation = z.infer<typeof keptConversationSchema>;

/** A row of `drafts` or `meta`. */
const textRowSchema = z.object({ key: z.string(), value: z.string() });
export type TextRow = z.infer<typeof textRowSchema>;

/** The rows that have their form; one that another version wrote otherwise is left out. */
export function readRows<T>(schema: z.ZodType<T>, rows: readonly unknown[]): T[] {
  return rows.flatMap((row) => readRow(schema, row) ?? []);
}

export function readRow<T>(schema: z.ZodType<T>, row: unknown): T | undefined {
  return schema.safeParse(row).data;
}

export function readText(row: unknown): string | undefined {
  return readRow(textRowSchema, row)?.value;
}
