import { type Sentence, sentencesOf, wordsOf } from "./sentences.ts";

/** An extract of a page: whole sentences of it, in its order, and the words that come up most. */
export type Summary = {
  key: readonly string[];
  /** Those that share the most words with the question. */
  closest: readonly string[];
  topics: readonly { word: string; times: number }[];
};

/** UTF-16 units of a page that are looked at, so that a long one does not hold up the server. */
export const READ_CHARACTERS = 60_000;

/** Picks sentences by how often their words occur on the page and by how early they stand. No more than that. */
export function summarize(markdown: string, question: string): Summary {
  const sentences = sentencesOf(markdown.slice(0, READ_CHARACTERS));
  const counts = countWords(sentences);
  const asked = new Set(wordsOf(question).filter((word) => isTelling(word) && counts.has(word)));
  const closest = pick(sentences, 2, ({ words }) => shared(words, asked));
  const rest = sentences.filter(({ text }) => !closest.includes(text));
  return {
    closest,
    key: pick(rest, 4, (sentence, index) => weight(sentence, counts) * (1 + 0.5 * (1 - index / rest.length))),
    topics: [...counts]
      .map(([word, times]) => ({ word, times }))
      .filter(({ times }) => times > 1)
      .sort((one, other) => other.times - one.times)
      .slice(0, 5),
  };
}

/** The best sentences in the order of the page; those that score nothing are never among them. */
function pick(
  sentences: readonly Sentence[],
  most: number,
  score: (sentence: Sentence, index: number) => number,
): string[] {
  return sentences
    .map((sentence, index) => ({ text: sentence.text, index, score: score(sentence, index) }))
    .filter((each, _, all) => each.score > 0 && all.findIndex(({ text }) => text === each.text) === each.index)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .sort((one, other) => one.index - other.index)
    .map(({ text }) => text);
}

function weight({ words }: Sentence, counts: ReadonlyMap<string, number>): number {
  const sum = [...new Set(words)].reduce((total, word) => total + (counts.get(word) ?? 0), 0);
  return sum / Math.sqrt(words.length);
}

function shared(words: readonly string[], asked: ReadonlySet<string>): number {
  return new Set(words.filter((word) => asked.has(word))).size / Math.sqrt(words.length);
}

function countWords(sentences: readonly Sentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of sentences) {
    for (const word of words.filter(isTelling)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Words that stand in any text, and those in which a question about a page is put. */
const COMMON = new Set(
  (
    "that this with from have been were they their there which would could should about into than then them these those " +
    "when what where while will your some more most other only also such over after before between because through each " +
    "does very just like many much even both under being here page article text summary summarize summarise tell explain " +
    "please give main point points important says said main quote sentence sentences words three"
  ).split(" "),
);

function isTelling(word: string): boolean {
  return (word.length >= 4 || /[\p{L}--\p{Script=Latin}]/v.test(word)) && !COMMON.has(word) && !/^\d+$/.test(word);
}
