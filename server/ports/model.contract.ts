import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { modelsSchema } from "../../lib/protocol/responses.ts";
import type { Model, ModelChunk, ModelRequest } from "./model.ts";

export type OpenedModel = {
  model: Model;
  close(): Promise<void>;
};

/**
 * What every adapter of the Model port must pass. `open` gives a model that answers any question in at least twenty
 * words over at least a tenth of a second, so that it can be stopped in between.
 */
export function describeModel(name: string, open: () => Promise<OpenedModel>): void {
  describe(`${name} as a Model`, () => {
    let opened: OpenedModel;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it("lists its models, the default among them", async () => {
      const { default: byDefault, models } = modelsSchema.parse(await opened.model.list());
      expect(models.map(({ id }) => id)).toContain(byDefault);
      await opened.model.check();
    });

    it("answers in batches that are not empty, and ends with finish", async () => {
      const batches = await collect(opened.model.stream(await question(opened.model), new AbortController().signal));
      const chunks = batches.flat();
      expect(batches.every((batch) => batch.length > 0)).toBe(true);
      expect(chunks.filter(({ type }) => type === "finish")).toHaveLength(1);
      expect(chunks.at(-1)?.type).toBe("finish");
      const text = chunks.map((chunk) => (chunk.type === "text" ? chunk.delta : "")).join("");
      expect(text.split(/\s+/).length).toBeGreaterThanOrEqual(20);
    });

    it("calls no tool when none is on offer", async () => {
      const chunks = (
        await collect(opened.model.stream(await question(opened.model), new AbortController().signal))
      ).flat();
      expect(chunks.some(({ type }) => type === "tool-call")).toBe(false);
    });

    it("throws the reason of a signal that aborts in the middle, and yields nothing more", async () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      const stream = opened.model.stream(await question(opened.model), stop.signal)[Symbol.asyncIterator]();
      expect((await stream.next()).done).toBe(false);
      stop.abort(reason);
      await expect(rest(stream)).rejects.toBe(reason);
      expect((await stream.next()).done).toBe(true);
    });

    it("throws the reason of a signal that had aborted before", async () => {
      const reason = new Error("never begun");
      const stream = opened.model.stream(await question(opened.model), AbortSignal.abort(reason));
      await expect(collect(stream)).rejects.toBe(reason);
    });

    it("keeps calls that run at once apart", async () => {
      const request = await question(opened.model);
      const all = await Promise.all(
        Array.from({ length: 5 }, () => collect(opened.model.stream(request, new AbortController().signal))),
      );
      for (const batches of all) expect(batches.flat().at(-1)?.type).toBe("finish");
    });
  });
}

async function question(model: Model): Promise<ModelRequest> {
  const { default: id } = await model.list();
  return { model: id, messages: [{ role: "user", content: [{ type: "text", text: "What can you do?" }] }], tools: [] };
}

async function collect(stream: AsyncIterable<readonly ModelChunk[]>): Promise<(readonly ModelChunk[])[]> {
  const batches: (readonly ModelChunk[])[] = [];
  for await (const batch of stream) batches.push(batch);
  return batches;
}

async function rest(stream: AsyncIterator<readonly ModelChunk[]>): Promise<void> {
  while (!(await stream.next()).done);
}
