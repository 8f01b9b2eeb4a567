/** A sentence of a page with its words in lower case. */
export type Sentence = { text: string; words: readonly string[] };

const sentenceSegmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
const wordSegmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The sentences of a page's running text, in order; headings, tables, code and scraps are left out. */
export function sentencesOf(markdown: string): Sentence[] {
  return paragraphsOf(markdown)
    .flatMap((paragraph) => [...sentenceSegmenter.segment(paragraph)].map(({ segment }) => segment.trim()))
    .filter((text) => text.length >= 20 && text.length <= 400 && /[.!?。！？…"”»')]$/.test(text))
    .map((text) => ({ text, words: wordsOf(text) }))
    .filter(({ words }) => words.length >= 5);
}

/** The words of a text in lower case, in any language. */
export function wordsOf(text: string): string[] {
  const segments = [...wordSegmenter.segment(text)];
  return segments.filter(({ isWordLike }) => isWordLike === true).map(({ segment }) => segment.toLowerCase());
}

function paragraphsOf(markdown: string): string[] {
  return markdown
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, "\n")
    .split(/\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)/)
    .filter((block) => !/^\s*(#|\||<)/.test(block))
    .map(plain);
}

/** The text of a paragraph without its marks, on one line. The bounds keep a hostile page from costing seconds. */
function plain(paragraph: string): string {
  return paragraph
    .replace(/!\[[^\]]{0,500}\]\([^)]{0,2000}\)/g, "")
    .replace(/\[([^\]]{0,500})\]\([^)]{0,2000}\)/g, "$1")
    .replace(/^\s*(?:>+|[-*+]|\d+[.)])\s+/gm, "")
    .replace(/(\*\*|__|`)(.{0,500}?)\1/g, "$2")
    .replace(/(?<![\w*])[*_](?=\S)(.{0,500}?\S)[*_](?![\w*])/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+.!>-])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
