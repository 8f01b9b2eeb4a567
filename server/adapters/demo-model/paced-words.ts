import { setTimeout as delay } from "node:timers/promises";

/** Gives a text word by word at the given pace; words that are overdue come together. Throws the signal's reason. */
export async function* pacedWords(text: string, wordsPerSecond: number, signal: AbortSignal): AsyncGenerator<string> {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const msPerWord = 1_000 / wordsPerSecond;
  const start = performance.now();
  let given = 0;
  while (given < words.length) {
    signal.throwIfAborted();
    const due = msPerWord === 0 ? words.length : 1 + Math.floor((performance.now() - start) / msPerWord);
    if (due > given) yield words.slice(given, due).join("");
    else await pause(start + given * msPerWord - performance.now(), signal);
    given = Math.max(given, due);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(Math.max(1, ms), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
