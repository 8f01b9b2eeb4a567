import type { FailureCode } from "../../lib/protocol/errors.ts";
import type { ToolContent, Usage } from "../../lib/protocol/messages.ts";
import type { Models } from "../../lib/protocol/responses.ts";

/** A chat model endpoint. Adapters: OpenAI-compatible HTTP, the offline demo. */
export interface Model {
  /** The models on offer. Fails with ApiError `unavailable` when the endpoint cannot be asked. */
  list(): Promise<Models>;

  /**
   * One model call. Yields one batch of chunks per network read, the last of all chunks being `finish`. Throws
   * ModelFailure for every other end; when `signal` aborts it closes the connection and throws the signal's reason.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<readonly ModelChunk[]>;

  /** Resolves when the endpoint is configured so that a call can be tried. For GET /ready; makes no request. */
  check(): Promise<void>;
}

export type ModelRequest = {
  model: string;
  messages: readonly ModelMessage[];
  /** Empty: the model must answer in text. */
  tools: readonly ModelTool[];
};

export type ModelTool = {
  /** `server__tool`, of the characters that model endpoints accept (a-z, A-Z, 0-9, _ and -, at most 64). */
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: Record<string, unknown>;
};

export type ModelMessage =
  | { role: "system"; text: string }
  | { role: "user"; content: readonly ModelInput[] }
  | {
      role: "assistant";
      text: string;
      calls: readonly ModelToolCall[];
      /** What the adapter asked to get back with the next call of this turn (`continuation` chunks, in order). */
      continuation: readonly unknown[];
    }
  | { role: "tool"; callId: string; content: readonly ToolContent[] };

export type ModelInput =
  | { type: "text"; text: string }
  | { type: "image"; mimeType: string; data: string }
  | { type: "file"; name: string; mimeType: string; data: string };

/** `args` is the parsed JSON, or the raw string when it is not JSON. */
export type ModelToolCall = { callId: string; name: string; args: unknown };

export type ModelChunk =
  | { type: "text"; delta: string }
  | { type: "reasoning"; delta: string }
  /** Complete: adapters assemble the fragments. */
  | { type: "tool-call"; call: ModelToolCall }
  /** Opaque; handed back in `ModelMessage.continuation` (reasoning signatures of some endpoints). */
  | { type: "continuation"; value: unknown }
  | { type: "usage"; usage: Usage }
  | { type: "finish"; reason: string };

/** A model call that did not end well. `message` is for the person and holds no secret; `cause` is for the log. */
export class ModelFailure extends Error {
  readonly code: FailureCode;
  readonly retryable: boolean;

  constructor(code: FailureCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "ModelFailure";
    this.code = code;
    this.retryable = options.retryable;
  }
}
