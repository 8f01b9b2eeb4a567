import { LIMITS } from "../../lib/protocol/limits.ts";
import type { QuestionPart } from "../../lib/protocol/messages.ts";

const LENGTH = 60;

/** A new conversation's title: the beginning of the question, else of what was attached. */
export function titleOf(question: readonly QuestionPart[]): string {
  const texts = question.map((part) => (part.type === "text" ? part.text : ""));
  const attached = question.map((part) => (part.type === "page" ? part.title : part.type === "file" ? part.name : ""));
  const line = [...texts, ...attached].map(oneLine).find((text) => text !== "") ?? "New conversation";
  return shorten(line);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Cuts between graphemes, at a word's end where there is one near. */
function shorten(line: string): string {
  const head = line.slice(0, LIMITS.titleCharacters - 1).replace(/[\ud800-\udbff]$/, "");
  const graphemes = [...new Intl.Segmenter().segment(head)].map(({ segment }) => segment);
  if (head === line && graphemes.length <= LENGTH) return line;
  // The last grapheme of a cut line may be half of one.
  const cut = graphemes.slice(0, Math.min(LENGTH, graphemes.length) - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${(space > cut.length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
