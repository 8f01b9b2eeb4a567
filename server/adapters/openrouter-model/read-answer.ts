import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";
import type { ModelChunk, ModelFailure } from "../../ports/model.ts";
import { createAnswerAssembly } from "./assemble-answer.ts";
import { chunkSchema } from "./chunk-schema.ts";
import type { Failures } from "./failures.ts";
import { parseJson } from "./parse-json.ts";

/** Turns the bytes of an event stream into chunks. It is all state and no effect: how the bytes are cut makes no difference. */
export type AnswerReader = {
  /** Takes what came in one go. Gives the batch that it makes, which may be empty. */
  push(pieces: readonly Buffer[]): ModelChunk[];
  /** What went wrong behind the chunks given so far: the text before a fault is kept, so it is told and not thrown. */
  fault(): ModelFailure | undefined;
  /** The last batch, when no bytes follow; with the model's end in it, or else with a fault behind it. */
  end(): ModelChunk[];
  /** Whether `[DONE]` has come. */
  isDone(): boolean;
  /** Whether the model has said why it ended; what may still come is the usage. */
  isFinished(): boolean;
};

/** UTF-16 units of a body that is no event stream that are kept to show. */
const HEAD = 500;
/** UTF-16 units of one event: what has no end must not fill the memory. */
const LONGEST_EVENT = 32 * 1024 * 1024;

export function createAnswerReader(failures: Failures): AnswerReader {
  const decoder = new StringDecoder("utf8");
  const answer = createAnswerAssembly();
  let batch: ModelChunk[] = [];
  let head = "";
  let sawFrame = false;
  let done = false;
  let ending = false;
  let fault: ModelFailure | undefined;

  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onError({ type }) {
      if (type === "max-buffer-size-exceeded") fault ??= failures.malformed(`more than ${LONGEST_EVENT} characters`);
    },
    onEvent({ data }) {
      seeFrame();
      if (!done && fault === undefined) take(data);
    },
    onComment: seeFrame,
  });

  return {
    push(pieces) {
      for (const piece of pieces) {
        const text = decoder.write(piece);
        if (!sawFrame && head.length < HEAD) head += text.slice(0, HEAD);
        if (fault === undefined) parser.feed(text);
      }
      return takeBatch();
    },
    end() {
      // The last event may lack its empty line; half an event is no fault of its own, the answer is cut off then.
      ending = true;
      if (fault === undefined) parser.feed(`${decoder.end()}\n\n`);
      if (fault === undefined && !answer.isFinished()) {
        const strange = !sawFrame && head.trim() !== "";
        fault = strange ? failures.notAStream(head) : failures.truncated(!sawFrame);
      }
      if (fault === undefined) batch.push(...answer.end());
      return takeBatch();
    },
    fault: () => fault,
    isDone: () => done,
    isFinished: () => answer.isFinished(),
  };

  function take(data: string): void {
    if (data === "[DONE]") {
      done = true;
      return;
    }
    const chunk = chunkSchema.safeParse(parseJson(data));
    if (!chunk.success) {
      if (!ending) fault = failures.malformed(data);
      return;
    }
    answer.take(chunk.data, batch);
    const { error, choices } = chunk.data;
    if (error !== undefined && error !== null) fault = failures.told(error);
    else if (choices?.[0]?.finish_reason === "error") fault = failures.told({});
  }

  function seeFrame(): void {
    sawFrame = true;
    head = "";
  }

  function takeBatch(): ModelChunk[] {
    const taken = batch;
    batch = [];
    return taken;
  }
}
