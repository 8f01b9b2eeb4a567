/** The first `max` UTF-16 units, one less where that would cut a surrogate pair; lone surrogates become U+FFFD. */
export function cutText(text: string, max: number): { text: string; truncated: boolean } {
  if (text.length <= max) return { text: text.toWellFormed(), truncated: false };
  const last = text.charCodeAt(max - 1);
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff;
  return { text: text.slice(0, isHighSurrogate ? max - 1 : max).toWellFormed(), truncated: true };
}
