import * as z from "zod";
import { idSchema } from "./ids.ts";
import { conversationSchema, messageSchema } from "./messages.ts";

export const configSchema = z.object({
  auth: z.enum(["local", "clerk"]),
  version: z.string(),
  features: z.array(z.string()),
});
export type ServerConfig = z.infer<typeof configSchema>;

export const pairedSchema = z.object({ token: z.string() });

export const sessionSchema = z.object({ user: z.object({ id: z.string() }) });

export const modelInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Tokens. */
  contextLength: z.number(),
  /** US dollars per token. */
  pricing: z.object({ input: z.number(), output: z.number() }).optional(),
  supports: z.object({ tools: z.boolean(), images: z.boolean(), reasoning: z.boolean() }),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

export const modelsSchema = z.object({ default: z.string(), models: z.array(modelInfoSchema) });
export type Models = z.infer<typeof modelsSchema>;

export const startedTurnSchema = z.object({
  turnId: idSchema,
  conversationId: idSchema,
  userMessageId: idSchema,
  assistantMessageId: idSchema,
});
export type StartedTurn = z.infer<typeof startedTurnSchema>;

/** A row of history that is newer than a cursor. */
export const changeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("conversation"), conversation: conversationSchema }),
  z.object({ kind: z.literal("message"), message: messageSchema }),
  z.object({ kind: z.literal("deleted"), of: z.literal("conversation"), id: idSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

/** What belongs to the person and not to a device. */
export const personSettingsSchema = z.object({
  /** The model that new questions go to; the server's default when absent. */
  model: z.string().optional(),
});
export type PersonSettings = z.infer<typeof personSettingsSchema>;

/** A page of changes. `settings` are there when they changed within it. */
export const changesSchema = z.object({
  changes: z.array(changeSchema),
  settings: personSettingsSchema.optional(),
  cursor: z.string(),
  more: z.boolean(),
});
export type Changes = z.infer<typeof changesSchema>;

export const conversationsSchema = z.object({
  conversations: z.array(conversationSchema),
  before: z.string().optional(),
});
export type Conversations = z.infer<typeof conversationsSchema>;

export const messagesSchema = z.object({ messages: z.array(messageSchema), before: z.string().optional() });
export type Messages = z.infer<typeof messagesSchema>;

export const searchHitSchema = z.object({ conversationId: idSchema, messageId: idSchema, snippet: z.string() });
export const searchSchema = z.object({ hits: z.array(searchHitSchema) });
export type SearchHit = z.infer<typeof searchHitSchema>;

export const toolServerSchema = z.object({
  name: z.string(),
  status: z.enum(["connecting", "ready", "failed"]),
  error: z.string().optional(),
  tools: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      readOnly: z.boolean(),
      /** `ask`: each call needs the person's approval; `allow`: read-only, or allowed always. */
      approval: z.enum(["ask", "allow"]),
    }),
  ),
});
export type ToolServer = z.infer<typeof toolServerSchema>;
export const toolsSchema = z.object({ servers: z.array(toolServerSchema) });

/** The data of a feed's `turn` frame; its event is read with `readTurnEvent`. */
export const feedTurnSchema = z.object({
  turnId: idSchema,
  conversationId: idSchema,
  seq: z.number().int().positive(),
  event: z.unknown(),
});
/** The data of a `close` frame, the last one of a stream that the server ends although the turn goes on. */
export const closeSchema = z.object({ reason: z.literal("expired_token") });
export const feedChangeSchema = z.object({ cursor: z.string() });
