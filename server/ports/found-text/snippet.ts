import { foldText, unfoldedIndex } from "./fold-text.ts";

/** The text around the first place where the longest of `words` (folded) stands; on one line, cut ends marked with "…". */
export function snippetOf(text: string, words: readonly string[]): string {
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
  const folded = foldText(text);
  const found = unfoldedIndex(text, folded, Math.max(0, folded.indexOf(longest)));
  const start = startBefore(text, found);
  const end = endBehind(text, found + longest.length);
  const middle = text
    .slice(start, end)
    .toWellFormed()
    .replace(/[\s\0]+/g, " ")
    .trim();
  return `${start > 0 ? "…" : ""}${middle}${end < text.length ? "…" : ""}`;
}

/** UTF-16 units shown before and behind the match. */
const BEFORE = 60;
const BEHIND = 100;
/** How far a cut may move towards the match to fall between two words. */
const TO_SPACE = 15;

function startBefore(text: string, found: number): number {
  if (found <= BEFORE) return 0;
  const start = found - BEFORE;
  const space = text.slice(start, start + TO_SPACE).search(/\s/);
  if (space >= 0) return start + space + 1;
  return isInsidePair(text, start) ? start + 1 : start;
}

function endBehind(text: string, matchEnd: number): number {
  const end = matchEnd + BEHIND;
  if (end >= text.length) return text.length;
  const space = text.slice(end - TO_SPACE, end).search(/\s\S*$/);
  if (space >= 0) return end - TO_SPACE + space;
  return isInsidePair(text, end) ? end - 1 : end;
}

function isInsidePair(text: string, index: number): boolean {
  const code = text.codePointAt(index - 1);
  return code !== undefined && code > 0xffff;
}
