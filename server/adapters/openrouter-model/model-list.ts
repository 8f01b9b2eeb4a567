import * as z from "zod";
import { ApiError } from "../../../lib/protocol/errors.ts";
import type { ModelInfo, Models } from "../../../lib/protocol/responses.ts";

/** A model on offer: `alias` is what the person and the API see, `id` what the endpoint knows. */
export type ListedModel = { alias: string; id: string };

export type ModelListOptions = {
  /** Fetches the body of GET /models; rejects with a ModelFailure-like reason when it cannot. */
  fetchModels: () => Promise<unknown>;
  /** Undefined: all of the endpoint's. */
  allowed: readonly ListedModel[] | undefined;
  defaultModel: string | undefined;
  /** Milliseconds; a parameter for tests. */
  now: () => number;
};

export type ModelList = {
  list(): Promise<Models>;
  /** Whether the model takes images, as far as is known without asking. */
  seesImages(id: string): boolean;
};

/** Milliseconds for which a list is taken as new, and after which one that could not be had is asked for again. */
const FRESH_MS = 10 * 60_000;
const RETRY_MS = 30_000;

/**
 * The models on offer, asked for once in ten minutes and once for all who ask meanwhile; who asks later gets the old list
 * at once while a new one is fetched. With an allow-list the endpoint only adds names and numbers: it need not have a
 * list. Fails with ApiError `unavailable`.
 */
export function createModelList({ fetchModels, allowed, defaultModel, now }: ModelListOptions): ModelList {
  let kept: { models: Models; until: number } | undefined;
  let asking: Promise<Models> | undefined;

  return {
    async list() {
      if (kept !== undefined && now() < kept.until) return kept.models;
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      // With a list at hand asking cannot fail: it keeps that one.
      return kept?.models ?? (await asking);
    },
    seesImages: (id) => kept?.models.models.find((model) => model.id === id)?.supports.images ?? true,
  };

  async function ask(): Promise<Models> {
    try {
      return keep(offer(readList(await fetchModels())), FRESH_MS);
    } catch (error) {
      if (kept !== undefined) return keep(kept.models, RETRY_MS);
      if (allowed !== undefined) return keep(offer([]), RETRY_MS);
      const reason = error instanceof Error ? error.message : "Its answer cannot be read.";
      throw new ApiError("unavailable", `The list of models cannot be had. ${reason}`, { cause: error, retryAfter: 5 });
    }
  }

  function keep(models: Models, forMs: number): Models {
    kept = { models, until: now() + forMs };
    return models;
  }

  function offer(listed: readonly ModelInfo[]): Models {
    const models = allowed?.map(({ alias, id }) => ({
      ...(listed.find((each) => each.id === id) ?? bare(id)),
      id: alias,
    }));
    const all = models ?? [...listed];
    // A default that the list leaves out (a private model, a router) is still what the operator wants.
    if (defaultModel !== undefined && allowed === undefined && !all.some(({ id }) => id === defaultModel)) {
      all.unshift(bare(defaultModel));
    }
    const first = all.find(({ id }) => id === "openrouter/auto") ?? all[0];
    const byDefault = defaultModel ?? first?.id;
    if (byDefault === undefined) throw new Error("It is empty: set MODELS to the models of this endpoint.");
    return { default: byDefault, models: all };
  }
}

const priceSchema = z.coerce.number().nonnegative().optional().catch(undefined);

/** A model as OpenRouter lists it; others give the id alone. */
const listedSchema = z.object({
  id: z.string().min(1),
  name: z.string().optional().catch(undefined),
  context_length: z.number().optional().catch(undefined),
  architecture: z
    .object({ input_modalities: z.array(z.string()).optional(), output_modalities: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
  pricing: z.object({ prompt: priceSchema, completion: priceSchema }).optional().catch(undefined),
  supported_parameters: z.array(z.string()).optional().catch(undefined),
});
const listSchema = z.object({ data: z.array(z.unknown()) });

function readList(body: unknown): ModelInfo[] {
  const list = listSchema.safeParse(body);
  if (!list.success)
    throw new Error("The endpoint's answer is no list of models. Check OPENROUTER_BASE_URL, or set MODELS.");
  return list.data.data.flatMap((entry) => {
    const model = listedSchema.safeParse(entry);
    return model.success && writesText(model.data) ? [infoOf(model.data)] : [];
  });
}

type Listed = z.infer<typeof listedSchema>;

function writesText({ architecture }: Listed): boolean {
  return architecture?.output_modalities?.includes("text") ?? true;
}

function infoOf({ id, name, context_length, architecture, pricing, supported_parameters }: Listed): ModelInfo {
  const unknown = bare(id);
  const { prompt: input, completion: output } = pricing ?? {};
  return {
    id,
    name: name ?? id,
    contextLength: context_length ?? unknown.contextLength,
    ...(input !== undefined && output !== undefined && { pricing: { input, output } }),
    supports: {
      tools: supported_parameters?.includes("tools") ?? unknown.supports.tools,
      images: architecture?.input_modalities?.includes("image") ?? unknown.supports.images,
      reasoning: supported_parameters?.includes("reasoning") ?? unknown.supports.reasoning,
    },
  };
}

/** A model of which only the id is known: it is taken at its best, for the endpoint says what it cannot do. 0: unknown. */
function bare(id: string): ModelInfo {
  return { id, name: id, contextLength: 0, supports: { tools: true, images: true, reasoning: false } };
}
