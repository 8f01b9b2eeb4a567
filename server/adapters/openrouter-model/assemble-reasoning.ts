import type { ModelChunk } from "../../ports/model.ts";
import type { Delta, ReasoningDetail } from "./chunk-schema.ts";

/** Reads the model's reasoning, which endpoints send in three ways, and keeps what they want back with the tool results. */
export type ReasoningAssembly = {
  /** The text to show; empty when the delta has none. */
  take(delta: Delta): string;
  /** Chunks to be handed back: `reasoning_details` where there were some, else the plain text under its own name. */
  end(): ModelChunk[];
};

export function createReasoningAssembly(): ReasoningAssembly {
  let details: ReasoningDetail[] | undefined;
  let plain: { reasoning: string } | { reasoning_content: string } | undefined;

  return {
    take(delta) {
      const { reasoning, reasoning_content, reasoning_details } = delta;
      if (reasoning_details) {
        details ??= [];
        for (const detail of reasoning_details) addDetail(details, detail);
      }
      // Endpoints that send two of the three say the same thing twice.
      const text = reasoning || reasoning_content || textOf(reasoning_details);
      if (text === "" || details !== undefined) return text;
      // DeepSeek refuses a tool result that comes without the thought before the call.
      if (reasoning) plain = { reasoning: (plain && "reasoning" in plain ? plain.reasoning : "") + text };
      else plain = { reasoning_content: (plain && "reasoning_content" in plain ? plain.reasoning_content : "") + text };
      return text;
    },
    end() {
      if (details !== undefined) return [{ type: "continuation", value: { reasoning_details: details } }];
      return plain === undefined ? [] : [{ type: "continuation", value: plain }];
    },
  };
}

/** Pieces of one text are joined; anything else (signatures, encrypted thoughts) stays a piece of its own, in order. */
function addDetail(details: ReasoningDetail[], detail: ReasoningDetail): void {
  const last = details.at(-1);
  if (
    last === undefined ||
    last.type !== detail.type ||
    last.index !== detail.index ||
    !isText(last) ||
    !isText(detail)
  ) {
    details.push(detail);
    return;
  }
  const given = Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== null && value !== undefined));
  details[details.length - 1] = {
    ...last,
    ...given,
    type: last.type,
    ...joined("text", last, detail),
    ...joined("summary", last, detail),
  };
}

function isText({ type }: ReasoningDetail): boolean {
  return type === "reasoning.text" || type === "reasoning.summary";
}

function joined(field: "text" | "summary", one: ReasoningDetail, other: ReasoningDetail): Partial<ReasoningDetail> {
  const [before, after] = [one[field], other[field]];
  return typeof before === "string" || typeof after === "string" ? { [field]: (before ?? "") + (after ?? "") } : {};
}

function textOf(details: Delta["reasoning_details"]): string {
  return (details ?? []).map(({ text, summary }) => text ?? summary ?? "").join("");
}
