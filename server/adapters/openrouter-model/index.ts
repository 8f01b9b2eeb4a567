import OpenAI from "openai";
import { type Model, type ModelChunk, ModelFailure } from "../../ports/model.ts";
import { jsonBodySchema } from "./chunk-schema.ts";
import { createFailures, type Failures } from "./failures.ts";
import { type IdleWatch, watchIdle } from "./idle-watch.ts";
import { createModelList, type ListedModel } from "./model-list.ts";
import { parseJson } from "./parse-json.ts";
import { createAnswerReader } from "./read-answer.ts";
import { createRedact } from "./redact.ts";
import { type EndpointRequest, requestBody } from "./request-body.ts";
import { type ResponseBody, readText } from "./response-body.ts";
import { createTransport, type Transport } from "./transport.ts";

export type OpenRouterModelOptions = {
  /** Address of the API, such as `https://openrouter.ai/api/v1`. */
  baseUrl: string;
  apiKey: string;
  /** The only models on offer, under the names of the operator; undefined: all that the endpoint lists. */
  models?: readonly ListedModel[] | undefined;
  /** An alias, or without `models` an id. */
  defaultModel?: string | undefined;
  /** Milliseconds without a byte after which a call ends as `upstream_stalled`. */
  idleTimeoutMs: number;
};

/**
 * The Model port for any endpoint that speaks OpenAI's chat completions. The `openai` SDK brings authorization, errors
 * and one retry of what failed before its first byte; bytes are read here, because the SDK's iterator is slow, takes
 * half an answer for a whole one and loses reasoning.
 */
export function createOpenRouterModel(options: OpenRouterModelOptions): Model {
  const { baseUrl, apiKey, models, defaultModel, idleTimeoutMs } = options;
  const endpoint = { client: createClient(baseUrl, apiKey), failures: createFailures(createRedact(apiKey)) };
  const { list, seesImages } = createModelList({
    fetchModels: () => fetchModels(endpoint),
    allowed: models,
    defaultModel,
    now: () => performance.now(),
  });

  return {
    list,
    stream(request, signal) {
      const id = models?.find(({ alias }) => alias === request.model)?.id ?? request.model;
      return stream(endpoint, { ...request, model: id, images: seesImages(request.model) }, idleTimeoutMs, signal);
    },
    // The options are complete by their type, and whether the endpoint is there is told by each call itself.
    check: () => Promise.resolve(),
  };
}

type Endpoint = { client: OpenAI; failures: Failures };

/** Milliseconds that the list of models may take. */
const LIST_MS = 15_000;
const LIST_BYTES = 16 * 1024 * 1024;
/** Bytes of an unexpected body that are looked at. */
const STRANGE_BYTES = 64 * 1024;
/** A day: that a call hangs is seen by our own watch, which counts bytes and not the whole time. */
const SDK_TIMEOUT_MS = 86_400_000;

function createClient(baseURL: string, apiKey: string): OpenAI {
  return new OpenAI({
    baseURL,
    apiKey,
    // Null keeps the SDK from reading these from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 1,
    timeout: SDK_TIMEOUT_MS,
    logLevel: "off",
  });
}

async function* stream(
  { client, failures }: Endpoint,
  request: EndpointRequest,
  idleTimeoutMs: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ModelChunk[]> {
  let body: ResponseBody | undefined;
  let complete = false;
  const transport = createTransport(() => watch.alive());
  const watch = watchIdle(idleTimeoutMs, signal, () => body?.isHeld() ?? !transport.isSending());
  try {
    signal.throwIfAborted();
    body = await openBody(client.withOptions({ fetch: transport.fetch }), transport, request, watch.signal);
    const opened = body;
    opened.onBytes = watch.alive;
    watch.signal.addEventListener("abort", () => opened.release(false), { once: true });
    watch.signal.throwIfAborted();
    if (isWholeBody(opened)) throw await strangeBody(opened, failures);

    const answer = createAnswerReader(failures);
    while (!answer.isDone()) {
      const pieces = opened.take();
      if (pieces.length === 0) {
        if (isOver(opened, answer.isFinished())) break;
        await opened.more();
        continue;
      }
      const batch = answer.push(pieces);
      if (batch.length > 0) yield batch;
      const fault = answer.fault();
      if (fault !== undefined) throw fault;
    }
    signal.throwIfAborted();
    complete = answer.isDone();
    yield answer.end();
    const fault = answer.fault();
    if (fault !== undefined) throw fault;
  } catch (error) {
    signal.throwIfAborted();
    throw reasonOf(watch, error, failures);
  } finally {
    watch.stop();
    body?.release(complete);
  }
}

/** The prompt's JSON lives only here: it is many times what an idle stream costs. */
async function openBody(
  client: OpenAI,
  transport: Transport,
  request: EndpointRequest,
  signal: AbortSignal,
): Promise<ResponseBody> {
  const headers = { accept: "text/event-stream" };
  await client.post("/chat/completions", { body: requestBody(request), signal, headers }).asResponse();
  return bodyOf(transport);
}

function bodyOf(transport: Transport): ResponseBody {
  const body = transport.body();
  if (body === undefined) throw new Error("the SDK answered without a response");
  return body;
}

/** Once the model has said why it ended, a connection that breaks or hangs only costs us the usage. */
function isOver(body: ResponseBody, finished: boolean): boolean {
  const outcome = body.outcome();
  if (outcome instanceof Error && !finished) throw outcome;
  return outcome !== undefined;
}

function isWholeBody({ contentType }: ResponseBody): boolean {
  return contentType === "text/html" || contentType === "application/json";
}

async function strangeBody(body: ResponseBody, failures: Failures): Promise<ModelFailure> {
  const text = await readText(body, STRANGE_BYTES);
  if (text.trim() === "") return failures.truncated(true);
  const told = jsonBodySchema.safeParse(parseJson(text));
  return told.success ? failures.told(told.data.error) : failures.notAStream(text);
}

function reasonOf(watch: IdleWatch, error: unknown, failures: Failures): ModelFailure {
  const { reason } = watch.signal;
  return failures.thrown(reason instanceof ModelFailure ? reason : error);
}

async function fetchModels({ client, failures }: Endpoint): Promise<unknown> {
  const transport = createTransport();
  const watch = watchIdle(LIST_MS, new AbortController().signal, () => false);
  try {
    await client.withOptions({ fetch: transport.fetch }).get("/models", { signal: watch.signal }).asResponse();
    const body = bodyOf(transport);
    watch.signal.addEventListener("abort", () => body.release(false), { once: true });
    return parseJson(await readText(body, LIST_BYTES));
  } catch (error) {
    throw reasonOf(watch, error, failures);
  } finally {
    watch.stop();
  }
}
