const MOST = 20_000;

/** An answer of the asked length to "count to N" and "write N words"; undefined when nothing like that is asked. */
export function longAnswer(question: string): string | undefined {
  const count = numberIn(/\bcount\s+(?:up\s+)?(?:from\s+(?:1|one)\s+)?to\s+(\d[\d,]*)/i, question);
  if (count !== undefined) return `Counting to ${count}:\n\n${numbers(count).join(" ")}`;
  const words = numberIn(/\bwrite\s+(?:about\s+)?(\d[\d,]*)\s+words\b/i, question);
  if (words !== undefined) return `Here are ${words} words:\n\n${numbers(words).map(wordAt).join(" ")}`;
  return undefined;
}

function numberIn(pattern: RegExp, question: string): number | undefined {
  const digits = pattern.exec(question)?.[1]?.replaceAll(",", "");
  return digits === undefined ? undefined : Math.min(MOST, Math.max(1, Number(digits)));
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const SENTENCE =
  "the panel may close and the browser may stop but the answer goes on word by word until it is whole".split(" ");

/** The words of one sentence over and over; each time round is a sentence, and ten of them are a paragraph. */
function wordAt(number: number): string {
  const at = (number - 1) % SENTENCE.length;
  const word = SENTENCE[at] ?? "";
  const begins = at === 0 ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : word;
  if (at < SENTENCE.length - 1) return begins;
  return number % (SENTENCE.length * 10) === 0 ? `${begins}.\n\n` : `${begins}.`;
}
