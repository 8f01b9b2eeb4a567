import * as z from "zod";
import { decisionSchema } from "../protocol/events.ts";
import { idSchema } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import { messageSchema, pagePartSchema } from "../protocol/messages.ts";
import { conversationPatchSchema, settingsPatchSchema, startTurnSchema } from "../protocol/requests.ts";
import { searchHitSchema, toolServerSchema } from "../protocol/responses.ts";
import { keeperChangeSchema, keeperStateSchema } from "./keeper-state.ts";

const nothing = z.object({});

/** The messages of one conversation as the keeper has them now; what comes later is pushed. */
const conversationViewSchema = z.object({
  conversationId: idSchema,
  messages: z.array(messageSchema),
  /** Cursor of the page before these; absent when these begin the conversation. */
  before: z.string().optional(),
  draft: z.string(),
});
export type ConversationView = z.infer<typeof conversationViewSchema>;

/** What can be known of the active tab of the panel's window without reading it. */
export const pageInfoSchema = z.object({
  /** Absent where the browser does not tell before the person grants the page. */
  title: z.string().optional(),
  url: z.string().optional(),
  /** `ask`: reading it needs a permission that the panel must request on a click. `never`: a page that browsers keep closed. */
  access: z.enum(["granted", "ask", "never"]),
});
export type PageInfo = z.infer<typeof pageInfoSchema>;

const captureSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("captured"), page: pagePartSchema, from: z.enum(["page", "selection"]) }),
  /** `origin`: the match pattern to request. */
  z.object({ status: z.literal("needs-permission"), origin: z.string() }),
  /** `reason`: a sentence for the person. */
  z.object({ status: z.literal("failed"), reason: z.string() }),
]);
export type Capture = z.infer<typeof captureSchema>;

/** Where a draft belongs: a conversation, or the one that is not begun yet. */
const draftKeySchema = z.union([idSchema, z.literal("new")]);

/** What comes next in signing in: nothing, or the code that was mailed. */
const signInStepSchema = z.discriminatedUnion("step", [
  z.object({ step: z.literal("done") }),
  z.object({ step: z.literal("code"), email: z.string(), purpose: z.enum(["sign-in", "sign-up"]) }),
]);

/** Every request of a panel to the background with its answer. */
export const CATALOGUE = {
  /** Takes the question for good: it is stored before the reply, sent when the server can be reached, queued while a turn runs. */
  ask: { request: startTurnSchema, reply: nothing },
  /** Gives up a pending question. Its parts come back so that the composer can show them again. */
  unask: { request: z.object({ turnId: idSchema }), reply: z.object({ turn: startTurnSchema.optional() }) },
  stop: { request: z.object({ turnId: idSchema }), reply: nothing },
  decide: {
    request: z.object({ turnId: idSchema, callId: z.string(), decision: decisionSchema, remember: z.boolean() }),
    reply: nothing,
  },
  /** Shows a conversation in this panel (null: a new one) and marks it read. Its changes are pushed from now on. */
  open: { request: z.object({ conversationId: idSchema.nullable() }), reply: conversationViewSchema.nullable() },
  /** The conversation that a fresh panel should show: the running or the last one; null for a new one. */
  home: { request: nothing, reply: z.object({ conversationId: idSchema.nullable(), draft: z.string() }) },
  older: { request: z.object({ conversationId: idSchema, before: z.string() }), reply: conversationViewSchema },
  "save-draft": { request: z.object({ key: draftKeySchema, text: z.string() }), reply: nothing },
  /** Kept here first, shown at once, and sent when the server can be reached; so are `delete` and `set-settings`. */
  patch: { request: z.object({ conversationId: idSchema, patch: conversationPatchSchema }), reply: nothing },
  delete: { request: z.object({ conversationId: idSchema }), reply: nothing },
  "set-settings": { request: settingsPatchSchema, reply: nothing },
  /** The person has read of a loss. */
  dismiss: { request: z.object({ id: idSchema }), reply: nothing },
  search: {
    request: z.object({ q: z.string().max(LIMITS.queryCharacters) }),
    reply: z.object({ hits: z.array(searchHitSchema) }),
  },
  tools: { request: nothing, reply: z.object({ servers: z.array(toolServerSchema) }) },
  page: { request: z.object({ windowId: z.number() }), reply: pageInfoSchema },
  capture: { request: z.object({ windowId: z.number() }), reply: captureSchema },
  /** Trades the code that the server printed for a token and connects. */
  pair: { request: z.object({ serverUrl: z.url(), code: z.string() }), reply: nothing },
  "sign-in": { request: z.object({ email: z.string(), password: z.string() }), reply: signInStepSchema },
  "sign-up": { request: z.object({ email: z.string(), password: z.string() }), reply: signInStepSchema },
  "send-code": { request: z.object({ email: z.string() }), reply: signInStepSchema },
  "verify-code": { request: z.object({ code: z.string() }), reply: signInStepSchema },
  "resend-code": { request: nothing, reply: signInStepSchema },
  "sign-in-with-google": { request: nothing, reply: signInStepSchema },
  /** Where a sign-in stands that was begun before this panel opened. */
  "sign-in-step": { request: nothing, reply: z.object({ step: signInStepSchema.optional() }) },
  /** Forgets all that this device has of the person, unsent questions included; with local pairing it disconnects. */
  "sign-out": { request: nothing, reply: nothing },
  /** Whether this build can work with a server. `fault`: what is wrong and what to do, as a sentence for the person. */
  "check-server": { request: z.object({ serverUrl: z.url() }), reply: z.object({ fault: z.string().optional() }) },
  /** Works with this server from now on. */
  "use-server": { request: z.object({ serverUrl: z.url() }), reply: nothing },
  /** Connects now instead of at `retryAt`. */
  reconnect: { request: nothing, reply: nothing },
} as const;

export type RequestName = keyof typeof CATALOGUE;
export type RequestOf<N extends RequestName> = z.infer<(typeof CATALOGUE)[N]["request"]>;
export type ReplyOf<N extends RequestName> = z.infer<(typeof CATALOGUE)[N]["reply"]>;

/**
 * A panel's message on the Port: `windowId` introduces it, a request has the number that its reply will carry. `userId`
 * is whom the panel showed when it asked: what one person did must never be taken for the work of the next.
 */
export const toKeeperSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), windowId: z.number() }),
  z.object({
    type: z.literal("request"),
    id: z.number(),
    name: z.string(),
    body: z.unknown(),
    userId: z.string().optional(),
  }),
  /** Keeps the worker alive while the panel has something to wait for. */
  z.object({ type: z.literal("alive") }),
]);
export type ToKeeper = z.infer<typeof toKeeperSchema>;

/** What the person did outside of the panel that the panel should act upon. */
export const intentSchema = z.enum(["ask-page", "ask-selection"]);
export type Intent = z.infer<typeof intentSchema>;

/** The background's message on the Port. */
export const toPanelSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("reply"), id: z.number(), body: z.unknown() }),
  /** `message` is a sentence for the person. */
  z.object({ type: z.literal("refusal"), id: z.number(), code: z.string(), message: z.string() }),
  z.object({ type: z.literal("snapshot"), state: keeperStateSchema }),
  /** All changes of 16 ms, in order. */
  z.object({ type: z.literal("batch"), changes: z.array(keeperChangeSchema) }),
  /** Rows of the opened conversation that are new or changed. */
  z.object({ type: z.literal("messages"), conversationId: idSchema, messages: z.array(messageSchema) }),
  /** The active tab of the panel's window, or its page, changed. */
  z.object({ type: z.literal("page"), page: pageInfoSchema }),
  z.object({ type: z.literal("intent"), intent: intentSchema }),
]);
export type ToPanel = z.infer<typeof toPanelSchema>;

/** The name that a panel's Port bears. */
export const PANEL_PORT = "panel";
