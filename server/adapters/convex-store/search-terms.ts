import { foldText } from "../../ports/found-text/fold-text.ts";

/**
 * The words by which Convex's index finds a text. Its tokens are runs of letters and digits of 32 bytes at most, so what it
 * cannot find by itself is spelled out: languages without spaces in pairs of characters and in single ones, symbols by
 * their number, long words by their beginning. Each once.
 */
export function indexTerms(text: string): string {
  const terms = new Set<string>();
  for (const token of tokensOf(foldText(text))) {
    if (token.kind === "word") terms.add(token.term);
    else for (const term of [...token.characters, ...token.pairs]) terms.add(term);
  }
  return [...terms].join(" ");
}

/**
 * The terms to ask for with words of a query (folded). The last one is taken as the beginning of a word too. A text with
 * all the words has all the terms, so those beyond what the index takes are left out.
 */
export function queryTerms(words: readonly string[]): string {
  const terms = words.flatMap((word) =>
    tokensOf(word).flatMap((token) => {
      if (token.kind === "word") return [token.term];
      return token.pairs.length > 0 ? token.pairs : token.characters;
    }),
  );
  return [...new Set(terms.toReversed())].slice(0, MOST_QUERY_TERMS).reverse().join(" ");
}

const MOST_QUERY_TERMS = 16;
const MOST_TERM_BYTES = 30;

type Token = { kind: "word"; term: string } | { kind: "spaceless"; characters: string[]; pairs: string[] };

const SPACELESS =
  "[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{N}]]";
const TOKEN = new RegExp(
  `(?<spaceless>${SPACELESS}+)|(?<word>[[\\p{L}\\p{N}]--${SPACELESS}]+)|(?<symbol>[^\\s\\p{C}])`,
  "gv",
);

function tokensOf(folded: string): Token[] {
  // Marks would part a word for the index.
  const text = folded.replace(/\p{M}+/gu, "");
  return Array.from(text.matchAll(TOKEN), ({ 0: run, groups }) => {
    if (groups?.spaceless !== undefined) return spaceless([...run]);
    return { kind: "word", term: groups?.symbol === undefined ? cut(run) : numberOf(run) };
  });
}

function spaceless(characters: string[]): Token {
  const pairs = characters.slice(1).map((character, index) => `${characters[index]}${character}`);
  return { kind: "spaceless", characters, pairs };
}

function numberOf(symbol: string): string {
  return `q${symbol.codePointAt(0)?.toString(16)}q`;
}

function cut(word: string): string {
  let bytes = 0;
  let term = "";
  for (const character of word) {
    bytes += utf8.encode(character).length;
    if (bytes > MOST_TERM_BYTES) break;
    term += character;
  }
  return term;
}

const utf8 = new TextEncoder();
