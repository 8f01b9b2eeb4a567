/**
 * A name or a line from a model, a tool or a page, fit to stand in our own interface: one line, of bounded length, without
 * the characters that hide or reorder what is around them (Unicode TR 36).
 */
export function oneLine(text: string, cap = 120): string {
  const line = text
    .slice(0, cap * 4)
    .replace(INVISIBLE, "")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > cap ? `${line.slice(0, cap - 1).trimEnd()}…` : line;
}

/** Arguments and results as the person should see them: everything, and hidden characters made visible. */
export function withHiddenShown(text: string): string {
  return text.replace(INVISIBLE, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`);
}

/** Control, bidirectional and invisible characters, save line breaks and the joiners that scripts and emoji need. */
const INVISIBLE = /(?![\t\n\r\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** A tool's name in words: `get_currentWeather` is "Get current weather". */
export function toolWords(tool: string): string {
  const words = oneLine(tool, 80)
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_\-./]+/g, " ")
    .trim()
    .toLowerCase();
  return words === "" ? "Unnamed tool" : words.charAt(0).toUpperCase() + words.slice(1);
}
