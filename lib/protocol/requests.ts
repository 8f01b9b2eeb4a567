import * as z from "zod";
import { decisionSchema } from "./events.ts";
import { idSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { questionPartSchema } from "./messages.ts";

/** POST /api/turns and POST /api/chat/stream. */
export const startTurnSchema = z.strictObject({
  turnId: idSchema,
  conversationId: idSchema,
  /** The message that the question answers; null begins a new root. */
  parentId: idSchema.nullable(),
  message: z.strictObject({
    id: idSchema,
    parts: z.array(questionPartSchema).min(1).max(LIMITS.questionParts),
  }),
  model: z.string().min(1).max(200).optional(),
  /** The tool servers that the model may use; all when absent, none when empty. */
  tools: z.strictObject({ servers: z.array(z.string().min(1).max(100)).max(100).optional() }).optional(),
});
export type StartTurn = z.infer<typeof startTurnSchema>;

/** Only the id: enough to answer a resent request as the first one was answered. */
export const turnIdOfBodySchema = z.object({ turnId: idSchema });

export const pairSchema = z.strictObject({ code: z.string().min(1).max(100) });

export const decideSchema = z.strictObject({ decision: decisionSchema, remember: z.boolean().optional() });

export const conversationPatchSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(LIMITS.titleCharacters).optional(),
    pinned: z.boolean().optional(),
    archived: z.boolean().optional(),
    /** The read mark: the person has seen the conversation up to this message. A mark never goes back. */
    readUpTo: idSchema.optional(),
  })
  .refine((patch) => Object.keys(patch).length > 0, "must change at least one of title, pinned, archived, readUpTo");
export type ConversationPatch = z.infer<typeof conversationPatchSchema>;

/** PATCH /api/settings: what is named is set, null takes it back. */
export const settingsPatchSchema = z
  .strictObject({ model: z.string().min(1).max(200).nullable().optional() })
  .refine((patch) => Object.keys(patch).length > 0, "must change at least one of model");
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** A decimal number of a query or header, without sign or leading zeros. */
const decimal = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/, "must be a whole number")
  .transform(Number);

const limit = decimal.pipe(z.number().min(1).max(LIMITS.pageSizeMax)).default(LIMITS.pageSizeDefault);

const cursor = z.string().min(1).max(200);

export const pageQuerySchema = z.strictObject({ before: cursor.optional(), limit });
export const changesQuerySchema = z.strictObject({ after: cursor.optional(), limit });
export const searchQuerySchema = z.strictObject({ q: z.string().trim().min(1).max(LIMITS.queryCharacters), limit });

/** The number of the last event that a reader has. */
export const seqSchema = decimal;
export const eventsQuerySchema = z.strictObject({ after: seqSchema.optional() });

/** `?turns=id:seq,id:seq` as a map from turn id to the last number seen. */
const turnCursors = z.string().transform((value, context) => {
  const cursors = new Map<string, number>();
  for (const pair of value === "" ? [] : value.split(",")) {
    const [id, seq, ...rest] = pair.split(":");
    const turnId = idSchema.safeParse(id);
    const last = seqSchema.safeParse(seq);
    if (!turnId.success || !last.success || rest.length > 0) {
      context.addIssue({ code: "custom", message: "must be a list of turnId:seq, divided by commas" });
      return z.NEVER;
    }
    cursors.set(turnId.data, last.data);
  }
  return cursors;
});

export const feedQuerySchema = z.strictObject({ after: cursor.optional(), turns: turnCursors.optional() });
