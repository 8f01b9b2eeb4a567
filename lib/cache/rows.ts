import * as z from "zod";
import { idSchema } from "../protocol/ids.ts";
import { conversationSchema } from "../protocol/messages.ts";
import { conversationPatchSchema, settingsPatchSchema } from "../protocol/requests.ts";
import { personSettingsSchema } from "../protocol/responses.ts";

/** `trimmed`: the oldest messages were dropped here and must be asked of the server. */
export const keptConversationSchema = conversationSchema.extend({ trimmed: z.boolean().optional() });
export type KeptConversation = z.infer<typeof keptConversationSchema>;

/** The key of the cursor in `meta`. */
export const CURSOR = "cursor";

/** A row of `drafts` or `meta`. */
const textRowSchema = z.object({ key: z.string(), value: z.string() });
export type TextRow = z.infer<typeof textRowSchema>;

/** A change that the person made on this device and that the server has not taken: one for each thing that is changed. */
export const editSchema = z.discriminatedUnion("kind", [
  /** `key` is the conversation's id. */
  z.object({ kind: z.literal("patch"), key: idSchema, patch: conversationPatchSchema }),
  z.object({ kind: z.literal("delete"), key: idSchema }),
  z.object({ kind: z.literal("settings"), key: z.literal("settings"), patch: settingsPatchSchema }),
]);
export type Edit = z.infer<typeof editSchema>;

/** The settings of the person as the server has them; the only row of its store. */
export const keptSettingsSchema = z.object({ key: z.literal("server"), settings: personSettingsSchema });
export type KeptSettings = z.infer<typeof keptSettingsSchema>;

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
