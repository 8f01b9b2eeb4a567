import * as z from "zod";
import { failureCodeSchema } from "./errors.ts";
import { idSchema, timeSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";

const textPart = z.strictObject({ type: z.literal("text"), text: z.string() });

export const pagePartSchema = z.strictObject({
  type: z.literal("page"),
  url: z.url({ protocol: /^(https?|file)$/ }),
  title: z.string().max(1_000),
  /** The page's main text as markdown, or the selection. */
  text: z.string().max(LIMITS.pageCharacters),
  /** Whether `text` was cut at the limit. */
  truncated: z.boolean(),
  capturedAt: timeSchema,
});
export type PagePart = z.infer<typeof pagePartSchema>;

/** Base64 (RFC 4648, section 4), without a data: prefix. */
const base64 = z.base64();

const imagePart = z.strictObject({
  type: z.literal("image"),
  mimeType: z.enum(["image/png", "image/jpeg", "image/webp", "image/gif"]),
  data: base64,
});

const filePart = z.strictObject({
  type: z.literal("file"),
  name: z.string().min(1).max(255),
  mimeType: z.string().min(1).max(255),
  data: base64,
});

/** What a person's message is made of. */
export const questionPartSchema = z.discriminatedUnion("type", [textPart, pagePartSchema, imagePart, filePart]);
export type QuestionPart = z.infer<typeof questionPartSchema>;

const reasoningPart = z.strictObject({ type: z.literal("reasoning"), text: z.string() });

/** One piece of a tool's result, already capped in size by the server. */
export const toolContentSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("json"), json: z.unknown() }),
  z.object({ type: z.literal("image"), mimeType: z.string(), data: z.string() }),
]);
export type ToolContent = z.infer<typeof toolContentSchema>;

const toolProgressSchema = z.object({
  progress: z.number(),
  total: z.number().optional(),
  message: z.string().optional(),
});

const toolPart = z.object({
  type: z.literal("tool"),
  callId: z.string(),
  server: z.string(),
  tool: z.string(),
  /** The arguments as the model gave them: a JSON value, by the tool's own schema when the model kept to it. */
  args: z.unknown(),
  /** `waiting` for the person's approval; `denied` by the person or by expiry. */
  state: z.enum(["running", "waiting", "done", "failed", "denied"]),
  progress: toolProgressSchema.optional(),
  content: z.array(toolContentSchema).optional(),
  error: z.string().optional(),
});
export type ToolPart = z.infer<typeof toolPart>;

/** What an answer is made of. */
export const answerPartSchema = z.discriminatedUnion("type", [textPart, reasoningPart, toolPart]);
export type AnswerPart = z.infer<typeof answerPartSchema>;

export const partSchema = z.discriminatedUnion("type", [
  textPart,
  reasoningPart,
  toolPart,
  pagePartSchema,
  imagePart,
  filePart,
]);
export type Part = z.infer<typeof partSchema>;

export const usageSchema = z.object({
  /** Tokens. */
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** US dollars. */
  cost: z.number().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const turnErrorSchema = z.object({ code: failureCodeSchema, message: z.string(), retryable: z.boolean() });
export type TurnError = z.infer<typeof turnErrorSchema>;

export const messageStatusSchema = z.enum(["streaming", "complete", "stopped", "failed", "interrupted"]);
export type MessageStatus = z.infer<typeof messageStatusSchema>;

export const messageSchema = z.object({
  id: idSchema,
  conversationId: idSchema,
  parentId: idSchema.nullable(),
  turnId: idSchema,
  role: z.enum(["user", "assistant"]),
  parts: z.array(partSchema),
  status: messageStatusSchema,
  model: z.string().optional(),
  usage: usageSchema.optional(),
  error: turnErrorSchema.optional(),
  createdAt: timeSchema,
});
export type Message = z.infer<typeof messageSchema>;

export const conversationSchema = z.object({
  id: idSchema,
  title: z.string(),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** Whether an answer ended that the person has not seen on any device. */
  unread: z.boolean(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Conversation = z.infer<typeof conversationSchema>;
