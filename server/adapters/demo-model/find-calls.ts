import type { ModelToolCall } from "../../ports/model.ts";

/** The calls that a question asks for: each tool that it names, with the JSON object behind the name as arguments. */
export function findCalls(question: string, names: readonly string[]): ModelToolCall[] {
  return names
    .map((name) => ({ name, at: placeOf(question, name) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ name, at }, index, found) => {
      const own = question.slice(at, found[index + 1]?.at);
      const args = firstObject(own) ?? (found.length === 1 ? firstObject(question) : undefined) ?? {};
      return { callId: `demo-${crypto.randomUUID()}`, name, args };
    });
}

/** A `server__tool` in the question that is not on offer. */
export function findUnknownTool(question: string, names: readonly string[]): string | undefined {
  const named = question.match(/(?<![\w-])[A-Za-z0-9][\w-]*__[\w-]+/g) ?? [];
  return named.find((name) => !names.includes(name));
}

/**
 * Where the question names the tool, or -1. The last part of the name is enough when it cannot be an ordinary word:
 * because of its form, or because of what stands before or behind it.
 */
function placeOf(question: string, name: string): number {
  const whole = question.search(exactly(name));
  if (whole >= 0) return whole;
  const short = name.slice(name.indexOf("__") + 2);
  const word = exactly(short).source;
  if (/[_\d]|[a-z][A-Z]/.test(short)) return question.search(new RegExp(word));
  const asTool = new RegExp(
    `\`${word}\`|\\b(?:tool|call|use|run)\\s+(?:the\\s+)?(?:tool\\s+)?["'“]?${word}|${word}["'”]?\\s+tool\\b`,
    "i",
  );
  return question.search(asTool);
}

function exactly(name: string): RegExp {
  return new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, "\\$&")}(?![\\w-])`);
}

/** Texts in braces that are tried before a question is taken to hold no arguments. */
const TRIES = 500;

/** The first text in braces that is a JSON object. */
function firstObject(text: string): unknown {
  let tries = 0;
  for (let start = text.indexOf("{"); start >= 0; start = text.indexOf("{", start + 1)) {
    for (let end = text.indexOf("}", start); end >= 0; end = text.indexOf("}", end + 1)) {
      const value = parse(text.slice(start, end + 1));
      tries += 1;
      if (value !== undefined || tries === TRIES) return value;
    }
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
