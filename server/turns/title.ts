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
  const graphemes = [...new Intl.Segmenter().segment(line.slice(0, LENGTH * 8))].map(({ segment }) => segment);
  if (graphemes.length <= LENGTH) return graphemes.join("");
  const cut = graphemes.slice(0, LENGTH - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${(space > cut.length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
