import * as z from "zod";
import type { Decision } from "../protocol/events.ts";
import { conversationSchema } from "../protocol/messages.ts";
import type { ConversationPatch, SettingsPatch, StartTurn } from "../protocol/requests.ts";
import {
  changesSchema,
  configSchema,
  conversationsSchema,
  messagesSchema,
  modelsSchema,
  pairedSchema,
  personSettingsSchema,
  searchSchema,
  sessionSchema,
  startedTurnSchema,
  toolsSchema,
} from "../protocol/responses.ts";
import { type ApiAccess, requestJson } from "./request-json.ts";

export type ApiClient = ReturnType<typeof createApiClient>;

/** `createApiClient` with its `fetch` chosen. */
export type CreateClient = (access: Omit<ApiAccess, "fetch">) => ApiClient;

/**
 * The routes of the contract that answer in JSON, one method for each. Every method fails with ApiError when the server
 * refused, with UnreachableError when no usable answer came, and with the reason of its signal.
 */
export function createApiClient(access: ApiAccess) {
  return {
    config: (signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/config", reply: configSchema, signal }),

    pair: (code: string, signal?: AbortSignal) =>
      requestJson(access, { method: "POST", path: "/api/pair", body: { code }, reply: pairedSchema, signal }),

    session: (signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/session", reply: sessionSchema, signal }),

    models: (signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/models", reply: modelsSchema, signal }),

    tools: (signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/tools", reply: toolsSchema, signal }),

    startTurn: (turn: StartTurn, signal?: AbortSignal) =>
      requestJson(access, { method: "POST", path: "/api/turns", body: turn, reply: startedTurnSchema, signal }),

    stop: (turnId: string, signal?: AbortSignal) =>
      requestJson(access, { method: "POST", path: `/api/turns/${turnId}/stop`, reply: anything, signal }),

    decide: (call: CallDecision, signal?: AbortSignal) =>
      requestJson(access, {
        method: "POST",
        path: `/api/turns/${call.turnId}/calls/${encodeURIComponent(call.callId)}`,
        body: { decision: call.decision, remember: call.remember },
        reply: anything,
        signal,
      }),

    changes: (query: { after?: string | undefined; limit?: number }, signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/changes", query, reply: changesSchema, signal }),

    conversations: (query: PageQuery, signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/conversations", query, reply: conversationsSchema, signal }),

    patchConversation: (id: string, patch: ConversationPatch, signal?: AbortSignal) =>
      requestJson(access, {
        method: "PATCH",
        path: `/api/conversations/${id}`,
        body: patch,
        reply: conversationSchema,
        signal,
      }),

    deleteConversation: (id: string, signal?: AbortSignal) =>
      requestJson(access, { method: "DELETE", path: `/api/conversations/${id}`, reply: anything, signal }),

    messages: (conversationId: string, query: PageQuery, signal?: AbortSignal) =>
      requestJson(access, {
        method: "GET",
        path: `/api/conversations/${conversationId}/messages`,
        query,
        reply: messagesSchema,
        signal,
      }),

    search: (query: { q: string; limit?: number }, signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/search", query, reply: searchSchema, signal }),

    settings: (signal?: AbortSignal) =>
      requestJson(access, { method: "GET", path: "/api/settings", reply: personSettingsSchema, signal }),

    patchSettings: (patch: SettingsPatch, signal?: AbortSignal) =>
      requestJson(access, { method: "PATCH", path: "/api/settings", body: patch, reply: personSettingsSchema, signal }),
  };
}

type PageQuery = { before?: string | undefined; limit?: number };

type CallDecision = { turnId: string; callId: string; decision: Decision; remember: boolean };

const anything = z.unknown();
