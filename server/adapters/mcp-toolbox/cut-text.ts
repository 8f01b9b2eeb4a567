/** The first `limit` UTF-16 units of a text with a visible note of the cut, or the text when it is not longer. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const shown = splitsPair(text, limit) ? limit - 1 : limit;
  return `${text.slice(0, shown)}… cut: ${shown} of ${text.length} characters shown`;
}

/** Whether a cut at `index` would leave half of a surrogate pair. */
function splitsPair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index - 1);
  return unit >= 0xd800 && unit <= 0xdbff;
}
