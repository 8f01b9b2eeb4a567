import { afterEach, describe, expect, it } from "vitest";
import { type ScriptedUpstream, startScriptedUpstream } from "../../../tests/fixtures/scripted-upstream.ts";
import { say } from "../../../tests/fixtures/upstream-script.ts";
import { createOpenRouterModel } from "./index.ts";
import { createModelList } from "./model-list.ts";

const open: ScriptedUpstream[] = [];
afterEach(async () => {
  for (const upstream of open.splice(0)) await upstream.close();
});

async function upstreamWith(models: readonly string[]): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream(say("hi"), { models });
  open.push(upstream);
  return upstream;
}

describe("the models on offer", () => {
  it("are those of the endpoint, with what it says of them", async () => {
    const { baseUrl } = await upstreamWith(["a/one", "b/two"]);
    expect(await createOpenRouterModel({ baseUrl, apiKey: "k", idleTimeoutMs: 1_000 }).list()).toEqual({
      default: "a/one",
      models: [
        expect.objectContaining({ id: "a/one" }),
        expect.objectContaining({ id: "b/two", name: "Scripted b/two" }),
      ],
    });
  });

  it("are those of the allow-list under its aliases, and the endpoint gets its own ids", async () => {
    const upstream = await upstreamWith(["a/one", "b/two"]);
    const model = createOpenRouterModel({
      baseUrl: upstream.baseUrl,
      apiKey: "k",
      models: [
        { alias: "fast", id: "b/two" },
        { alias: "private", id: "c/unlisted" },
      ],
      defaultModel: "private",
      idleTimeoutMs: 1_000,
    });
    const { default: byDefault, models } = await model.list();
    expect(byDefault).toBe("private");
    expect(models).toMatchObject([
      { id: "fast", name: "Scripted b/two", contextLength: 128_000, supports: { images: true } },
      { id: "private", name: "c/unlisted", contextLength: 0 },
    ]);
    const request = { model: "fast", messages: [], tools: [] };
    for await (const _ of model.stream(request, new AbortController().signal));
    expect(upstream.requests[0]?.body).toMatchObject({ model: "b/two" });
  });

  it("hold a default that the endpoint does not list", async () => {
    const { baseUrl } = await upstreamWith(["a/one"]);
    const model = createOpenRouterModel({ baseUrl, apiKey: "k", defaultModel: "router/auto", idleTimeoutMs: 1_000 });
    expect(await model.list()).toMatchObject({
      default: "router/auto",
      models: [{ id: "router/auto" }, { id: "a/one" }],
    });
  });

  it("cannot be had from an endpoint that is away, unless there is an allow-list", async () => {
    const upstream = await upstreamWith([]);
    await upstream.close();
    const options = { baseUrl: upstream.baseUrl, apiKey: "k", idleTimeoutMs: 1_000 };
    await expect(createOpenRouterModel(options).list()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/cannot be reached/),
    });
    const models = [{ alias: "mine", id: "a/one" }];
    expect(await createOpenRouterModel({ ...options, models }).list()).toMatchObject({
      default: "mine",
      models: [{ id: "mine", name: "a/one" }],
    });
  });
});

describe("createModelList", () => {
  const body = { data: [{ id: "a" }] };

  it("asks once for all who ask, again after ten minutes, and keeps an old list while the endpoint is away", async () => {
    let asked = 0;
    let time = 0;
    const { list: models } = createModelList({
      fetchModels: async () => {
        asked += 1;
        if (asked > 1) throw new Error("away");
        return body;
      },
      allowed: undefined,
      defaultModel: undefined,
      now: () => time,
    });
    const [one, two] = await Promise.all([models(), models()]);
    expect(one).toBe(two);
    time = 9 * 60_000;
    expect(await models()).toBe(one);
    expect(asked).toBe(1);
    time = 11 * 60_000;
    expect(await models()).toBe(one);
    expect(asked).toBe(2);
  });

  it.each([
    ["no list", { error: "?" }],
    ["an empty list", { data: [] }],
    ["nothing that can be read", undefined],
  ])("says so when the endpoint gives %s", async (_, body) => {
    const { list: models } = createModelList({
      fetchModels: async () => body,
      allowed: undefined,
      defaultModel: undefined,
      now: () => 0,
    });
    await expect(models()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("leaves out entries that it cannot read and models that write no text, and takes bare ids", async () => {
    const { list: models } = createModelList({
      fetchModels: async () => ({
        data: [
          { id: 5 },
          { id: "painter", architecture: { output_modalities: ["image"] } },
          { id: "bare", pricing: { prompt: "-1", completion: "x" } },
        ],
      }),
      allowed: undefined,
      defaultModel: undefined,
      now: () => 0,
    });
    expect(await models()).toEqual({
      default: "bare",
      models: [
        { id: "bare", name: "bare", contextLength: 0, supports: { tools: true, images: true, reasoning: false } },
      ],
    });
  });
});
