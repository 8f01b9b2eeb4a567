import OpenAI from "openai";
import type { FailureCode } from "../../../lib/protocol/errors.ts";
import { ModelFailure } from "../../ports/model.ts";
import { type UpstreamError, upstreamErrorSchema } from "./chunk-schema.ts";

/** Says every fault of an endpoint in our words: the true reason, what the endpoint said, and what to do next. */
export type Failures = {
  /** A refusal by HTTP status, a connection that failed or broke, or anything else that was thrown. */
  thrown(error: unknown): ModelFailure;
  /** An error inside a body with status 200. */
  told(error: UpstreamError): ModelFailure;
  /** A body with status 200 that is no stream of chunks; `text` is its beginning. */
  notAStream(text: string): ModelFailure;
  /** An event whose data is not what the protocol says. */
  malformed(data: string): ModelFailure;
  /** A clean end before the model's own. */
  truncated(empty: boolean): ModelFailure;
};

/** `redact` is applied to every word of the endpoint. */
export function createFailures(redact: (text: string) => string): Failures {
  return {
    thrown(error) {
      if (error instanceof ModelFailure) return error;
      if (error instanceof OpenAI.APIError && error.status !== undefined) return refused(error);
      return systemCode(error) === undefined ? unexpected(error) : broken(error);
    },
    told(error) {
      const { code, words } = partsOf(error);
      const status = typeof code === "number" ? code : STATUS_BY_WORD[code ?? ""];
      return explain({ status, code, words, cause: new Error(`error in the stream, code ${code ?? "none"}`) });
    },
    notAStream(text) {
      const html = /^\s*</.test(text);
      const what = html ? "a web page" : "something that is no event stream";
      return upstreamError(
        `The model endpoint answered with ${what}. Check that OPENROUTER_BASE_URL is the address of its API.${quote(text)}`,
        { retryable: false },
      );
    },
    malformed: (data) =>
      upstreamError(`The model endpoint sent something that cannot be read. Try again.${quote(data)}`, {
        retryable: true,
      }),
    truncated: (empty) =>
      new ModelFailure(
        "upstream_truncated",
        empty
          ? "The model endpoint closed the connection without an answer. Try again, or choose another model."
          : "The model endpoint closed the connection before the end of the answer. Try again to get the rest.",
        { retryable: true },
      ),
  };

  function refused(error: InstanceType<typeof OpenAI.APIError>): ModelFailure {
    const { status = 500, requestID } = error;
    const parsed = upstreamErrorSchema.safeParse(error.error);
    const { code = status, words } = parsed.success ? partsOf(parsed.data) : { code: status, words: error.message };
    const retryAfter = retrySeconds(error.headers?.get("retry-after"));
    // The endpoint's words may repeat the key and the conversation: the person gets them, the log our own.
    const cause = new Error(`HTTP ${status}, code ${code}, request ${requestID ?? "without id"}`);
    return explain({ status, code, words, retryAfter, cause });
  }

  function explain(fault: Fault): ModelFailure {
    const { code, retryable, sentence } = classify(fault);
    return new ModelFailure(code, `${sentence}${quote(fault.words)}`, { retryable, cause: fault.cause });
  }

  function quote(words: string): string {
    const shown = redact(words);
    return shown === "" ? "" : ` It said: “${shown}”`;
  }
}

type Fault = {
  /** Undefined when the endpoint told none. */
  status: number | undefined;
  code: string | number | undefined;
  words: string;
  /** Seconds. */
  retryAfter?: number | undefined;
  cause: Error;
};

type Verdict = { code: FailureCode; retryable: boolean; sentence: string };

/** What endpoints call their faults when they give a word instead of a status. */
const STATUS_BY_WORD: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  authentication_error: 401,
  permission_error: 403,
  insufficient_quota: 402,
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  context_length_exceeded: 413,
  invalid_request_error: 400,
};

const TOO_LONG =
  /context[ _-]?(length|window|size)|maximum (context|prompt|input)|(prompt|input|request) is too long|too many (input |prompt )?tokens|reduce the length/i;

function classify({ status = 500, code, words, retryAfter }: Fault): Verdict {
  if (
    status === 413 ||
    code === "context_length_exceeded" ||
    (status < 500 && status !== 429 && TOO_LONG.test(words))
  ) {
    const sentence =
      "The conversation with its pages is longer than this model can read. Remove a page, start a new conversation, or choose a model with a larger context.";
    return { code: "context_too_long", retryable: false, sentence };
  }
  if (status === 401) {
    const sentence = "The model endpoint did not accept the key. Check OPENROUTER_API_KEY and start the server again.";
    return { code: "upstream_auth", retryable: false, sentence };
  }
  if (status === 402) {
    const sentence =
      "The account of the model endpoint has no credits left. Add credits there, or choose a free model.";
    return { code: "upstream_auth", retryable: false, sentence };
  }
  if (status === 403) {
    const sentence =
      "The model endpoint refused the request. Check what OPENROUTER_API_KEY may use, or choose another model.";
    return { code: "upstream_auth", retryable: false, sentence };
  }
  if (status === 429) {
    const when = retryAfter === undefined ? "in a moment" : `in ${retryAfter} seconds`;
    const sentence = `The model endpoint has too many requests at the moment. Try again ${when}, or choose another model.`;
    return { code: "upstream_rate_limited", retryable: true, sentence };
  }
  if (status === 404) {
    const sentence =
      "The model endpoint does not know this model or address. Choose another model, or check OPENROUTER_BASE_URL.";
    return { code: "upstream_error", retryable: false, sentence };
  }
  if (status >= 300 && status < 500 && status !== 408) {
    const sentence = `The model endpoint refused the request (${status}). Choose another model, or change the question.`;
    return { code: "upstream_error", retryable: false, sentence };
  }
  const sentence = `The model endpoint reported an error${code === undefined ? "" : ` (${code})`}. Try again, or choose another model.`;
  return { code: "upstream_error", retryable: true, sentence };
}

function upstreamError(message: string, options: { retryable: boolean; cause?: unknown }): ModelFailure {
  return new ModelFailure("upstream_error", message, options);
}

function unexpected(error: unknown): ModelFailure {
  const message = "Something went wrong in the server while it called the model. Try again; its log has the details.";
  return new ModelFailure("internal", message, { retryable: true, cause: error });
}

function broken(error: unknown): ModelFailure {
  const code = systemCode(error);
  const unreachable = code !== undefined && ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(code);
  const what = unreachable ? "cannot be reached" : "broke the connection";
  const next = unreachable
    ? "Check the network and OPENROUTER_BASE_URL, then try again."
    : "Try again, or choose another model.";
  return upstreamError(`The model endpoint ${what} (${code}). ${next}`, { retryable: true, cause: error });
}

/** The code of the system's error, which the SDK wraps. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return systemCode(error.cause);
}

function partsOf(error: UpstreamError): { code: string | number | undefined; words: string } {
  if (typeof error === "string") return { code: undefined, words: error };
  const { message, code, type, metadata } = error;
  const raw = typeof metadata?.raw === "string" ? metadata.raw : "";
  return { code: code ?? type ?? undefined, words: [message ?? "", raw].filter((part) => part !== "").join(": ") };
}

/** Seconds of a Retry-After header, which holds seconds or a date (RFC 9110, section 10.2.3). */
function retrySeconds(header: string | null | undefined): number | undefined {
  if (header === null || header === undefined || header.trim() === "") return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : undefined;
}
