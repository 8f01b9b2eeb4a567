/** UTF-16 units of an upstream's words that are shown. */
const SHOWN = 300;

/** Makes an upstream's text fit to be shown: one line, short, without our key and without what looks like one. */
export function createRedact(apiKey: string): (text: string) => string {
  return (text) => {
    // A key of a few characters is a placeholder of a local endpoint; taking it out would only maim words.
    const line = (apiKey.length < 6 ? text : text.replaceAll(apiKey, "[key]"))
      .replace(/\bbearer\s+[^\s"',;]+/gi, "Bearer [key]")
      .replace(/\b(?:sk|pk|rk|gsk|xai|api|key)[-_][\w*.-]{6,}/gi, "[key]")
      .replace(/\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{32,}/gi, "[key]")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
      .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ")
      .trim();
    return line.length <= SHOWN ? line : `${line.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, "")}…`;
  };
}
