/**
 * The form in which texts and queries are compared: letter case, width (full-width Latin, half-width kana), composed and
 * decomposed accents and ß/ss make no difference. Accents themselves do. NUL would end the text for the tokenizer.
 */
export function foldText(text: string): string {
  const cased = text.toWellFormed().normalize("NFKC").toUpperCase().toLowerCase();
  return cased.replaceAll("ς", "σ").replaceAll("\0", " ");
}

/** Where in `text` the UTF-16 unit `index` of its folded form comes from; off by some units where accents were decomposed. */
export function unfoldedIndex(text: string, folded: string, index: number): number {
  if (text.length === folded.length) return index;
  let at = 0;
  let foldedAt = 0;
  for (const character of text) {
    foldedAt += character < "\u0080" ? 1 : foldText(character).length;
    if (foldedAt > index) return at;
    at += character.length;
  }
  return at;
}
