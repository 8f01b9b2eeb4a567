import type { FunctionReturnType } from "convex/server";
import { internal } from "../../../convex/_generated/api.js";
import type { SearchHit } from "../../../lib/protocol/responses.ts";
import { foldText } from "../../ports/found-text/fold-text.ts";
import { queryWords } from "../../ports/found-text/query-words.ts";
import { snippetOf } from "../../ports/found-text/snippet.ts";
import type { Calls } from "./calls.ts";
import { queryTerms } from "./search-terms.ts";

/**
 * Finds what has every word of the query. Convex's index gives the texts that have one of its terms, the best first; of
 * them those stay whose message, in the pieces that were found, has all words.
 */
export function search(calls: Calls) {
  return async (userId: string, { q, limit }: { q: string; limit: number }): Promise<SearchHit[]> => {
    const words = queryWords(q);
    const terms = queryTerms(words);
    if (terms === "") return [];
    const found = await calls.query(internal.search.find, { userId, terms, limit: candidates(limit) });
    return oncePerMessage(rank(found, words))
      .slice(0, limit)
      .map(({ conversationId, messageId, text }) => ({ conversationId, messageId, snippet: snippetOf(text, words) }));
  };
}

/** More than are shown: some lack a word, and a first message is found by its title too. */
function candidates(limit: number): number {
  return Math.min(450, Math.max(200, limit * 3));
}

type FoundText = FunctionReturnType<typeof internal.search.find>[number];
/** What a title or a message was found by: the piece to show, and how good it is. */
type Ranked = FoundText & { score: number };

function rank(found: readonly FoundText[], words: readonly string[]): Ranked[] {
  const groups = Map.groupBy(found, ({ messageId, isTitle }) => `${messageId} ${isTitle}`);
  return [...groups.values()]
    .flatMap((pieces) => bestPiece(pieces, words) ?? [])
    .sort((one, other) => other.score - one.score || other.writtenAt - one.writtenAt);
}

/** The piece that has the longest word, most of all words; undefined when one of them is in none of the pieces. */
function bestPiece(pieces: readonly FoundText[], words: readonly string[]): Ranked | undefined {
  const folded = pieces.map((piece) => ({ piece, text: foldText(piece.text) }));
  if (!words.every((word) => folded.some(({ text }) => text.includes(word)))) return undefined;
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
  return folded
    .filter(({ text }) => text.includes(longest))
    .map(({ piece, text }) => ({ ...piece, score: scoreOf(text, words) }))
    .reduce((best, ranked) => (ranked.score > best.score ? ranked : best));
}

/** As BM25 has it: how often the words stand there, ever less for each time more, against the length of the text. */
function scoreOf(text: string, words: readonly string[]): number {
  const weight = 0.3 + (0.9 * text.length) / USUAL_LENGTH;
  return words.reduce((score, word) => {
    const times = text.split(word).length - 1;
    return score + times / (times + weight);
  }, 0);
}

const USUAL_LENGTH = 500;

function oncePerMessage(hits: readonly Ranked[]): Ranked[] {
  const seen = new Set<string>();
  return hits.filter(({ messageId }) => !seen.has(messageId) && seen.add(messageId));
}
