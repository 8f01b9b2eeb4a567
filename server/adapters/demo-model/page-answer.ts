import { DEMO_NAME, HOW_TO_GET_A_MODEL } from "./about.ts";
import type { PageView } from "./read-prompt.ts";
import { wordsOf } from "./sentences.ts";
import { READ_CHARACTERS, type Summary, summarize } from "./summary.ts";

/** An answer about a page that is made of sentences of the page. */
export function pageAnswer({ title, text }: PageView, question: string): string {
  const { closest, key, topics } = summarize(text, question);
  const sections = [
    `## ${oneLine(title)}`,
    ...(closest.length > 0 ? ["**Closest to your words:**", quotes(closest)] : []),
    ...(key.length > 0
      ? [`**What the page says**, in ${sentenceCount(key.length)} of its own:`, quotes(key)]
      : closest.length === 0
        ? ["I found no whole sentences on this page to quote."]
        : []),
    ...topicSection(topics),
    `*${extent(text)}*`,
    "---",
    `I am the **${DEMO_NAME}**. I picked these sentences by counting words; I did not understand them.`,
    HOW_TO_GET_A_MODEL.join("\n"),
  ];
  return sections.join("\n\n");
}

function quotes(sentences: readonly string[]): string {
  return sentences.map((sentence) => `> ${sentence}`).join("\n>\n");
}

function topicSection(topics: Summary["topics"]): string[] {
  if (topics.length === 0) return [];
  return ["### Words that come up most", topics.map(({ word, times }) => `- **${word}**, ${times} times`).join("\n")];
}

function extent(text: string): string {
  const read = text.slice(0, READ_CHARACTERS);
  const words = wordsOf(read).length;
  const minutes = Math.max(1, Math.round(words / 220));
  const all = `${words} words, about ${minutes} ${minutes === 1 ? "minute" : "minutes"} to read.`;
  return read.length < text.length ? `I looked at the first part of this long page: ${all}` : all;
}

function sentenceCount(count: number): string {
  return count === 1 ? "one sentence" : `${count} sentences`;
}

function oneLine(title: string): string {
  return title.replace(/\s+/g, " ").trim() || "This page";
}
