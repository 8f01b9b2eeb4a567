import { Buffer } from "node:buffer";
import { foldText } from "../../ports/found-text/fold-text.ts";

/**
 * The words by which Convex's index finds a text. Its tokens are runs of letters and digits of 32 bytes at most, so what it
 * cannot find by itself is spelled out: languages without spaces in pairs of characters and in single ones, symbols by
 * their number, long words by their beginning. Each once.
 */
export function indexTerms(text: string): string {
  const terms = new Set<string>();
  for (const { characters, pairs, term } of tokensOf(foldText(text))) {
    if (term !== undefined) terms.add(term);
    for (const each of characters) terms.add(each);
    for (const each of pairs) terms.add(each);
  }
  return [...terms].join(" ");
}

/**
 * The terms to ask for with words of a query (folded). The last one is taken as the beginning of a word too. A text with
 * all the words has all the terms, so those beyond what the index takes are left out.
 */
export function queryTerms(words: readonly string[]): string {
  const terms = words.flatMap((word) =>
    tokensOf(word).flatMap(({ characters, pairs, term }) => {
      if (term !== undefined) return [term];
      return pairs.length > 0 ? pairs : characters;
    }),
  );
  return [...new Set(terms.toReversed())].slice(0, MOST_QUERY_TERMS).reverse().join(" ");
}

const MOST_QUERY_TERMS = 16;
const MOST_TERM_BYTES = 30;

/** A word or a symbol has a term; a run of a language without spaces has characters and pairs. */
type Token = { term?: string; characters: readonly string[]; pairs: readonly string[] };

const SPACELESS = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]+/u;
const EITHER_KIND = new RegExp(`${SPACELESS.source}|[^${SPACELESS.source.slice(1, -2)}]+`, "gu");
/** A run of letters and digits, or one symbol. */
const RUN = /[\p{L}\p{N}]+|[^\s\p{C}]/gu;
const LETTER = /^[\p{L}\p{N}]/u;
const ASCII = /^[\0-\x7f]*$/;

function tokensOf(folded: string): Token[] {
  const isAscii = ASCII.test(folded);
  // Marks would part a word for the index.
  const text = isAscii ? folded : folded.replace(/\p{M}+/gu, "");
  return (text.match(isAscii ? ASCII_RUN : RUN) ?? []).flatMap((run) => {
    if (!LETTER.test(run)) return [tokenOf(`q${run.codePointAt(0)?.toString(16)}q`)];
    if (isAscii || !SPACELESS.test(run)) return [tokenOf(cut(run))];
    return (run.match(EITHER_KIND) ?? []).map((part) => (SPACELESS.test(part) ? spaceless(part) : tokenOf(cut(part))));
  });
}

const ASCII_RUN = /[a-z\d]+|[!-~]/gi;
const NONE: readonly string[] = [];

function tokenOf(term: string): Token {
  return { term, characters: NONE, pairs: NONE };
}

function spaceless(run: string): Token {
  const characters = [...run];
  const pairs = characters.slice(1).map((character, index) => `${characters[index]}${character}`);
  return { characters, pairs };
}

function cut(word: string): string {
  // A UTF-16 unit takes three bytes at most.
  if (word.length * 3 <= MOST_TERM_BYTES || Buffer.byteLength(word) <= MOST_TERM_BYTES) return word;
  let term = "";
  for (const character of word) {
    if (Buffer.byteLength(term + character) > MOST_TERM_BYTES) break;
    term += character;
  }
  return term;
}
