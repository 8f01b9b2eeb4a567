/**
 * The last block of an answer that is still being written, completed so that it does not flicker: an open emphasis, code
 * span or link is shown as what it is going to be, a table from its first line, and a lone marker not at all.
 */
export function tidyTail(raw: string): string {
  if (hasOpenFence(raw)) return raw;
  const table = completedTable(raw);
  if (table !== undefined) return table;
  const lineStart = raw.lastIndexOf("\n") + 1;
  const line = raw.slice(lineStart);
  return raw.slice(0, lineStart) + (isLoneMarker(line) ? "" : withMarksClosed(line));
}

function hasOpenFence(raw: string): boolean {
  const fences = raw.match(/^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(?:`{3,}|~{3,})/gm);
  return fences !== null && fences.length % 2 === 1;
}

/** A heading, bullet, rule, setext line or fence of which only the sign is there yet. */
function isLoneMarker(line: string): boolean {
  return /^[ \t>]*(?:#{1,6}|[-*+_]{1,3}|=+|-+|`{1,2}|~{1,2}|\||\d{1,9}[.)])?[ \t]*$/.test(line) && line.trim() !== "";
}

/** A table needs its second line before it is one; until that is whole, it is added. */
function completedTable(raw: string): string | undefined {
  const [header = "", divider, ...rows] = raw.split("\n");
  if (!header.startsWith("|") || rows.length > 0) return undefined;
  if (divider === undefined && header.slice(1).trim() === "") return "";
  if (divider !== undefined && !/^[ \t|:-]*$/.test(divider)) return undefined;
  const row = /\|\s*$/.test(header) ? header : `${withMarksClosed(header)} |`;
  const cells = row.replace(/\\\|/g, "").split("|").length - 2;
  return `${row}\n|${" --- |".repeat(cells)}`;
}

function withMarksClosed(line: string): string {
  const { text, open, inCode } = openMarks(line);
  const linked = inCode ? text : withoutOpenLink(text);
  return open.length === 0 || open.length > MAX_OPEN ? linked : linked.trimEnd() + open.toReversed().join("");
}

/** Nobody means more marks than this at once, and closing thousands makes the lexer slow. */
const MAX_OPEN = 6;

/** An address that is still coming is not shown; an image is not shown before its address is whole. */
function withoutOpenLink(text: string): string {
  return text
    .replace(/!\[[^[\]]*(?:\](?:\([^()\s]*)?)?$/, "")
    .replace(/\[([^[\]]*)\]\([^()\s]*(?: "[^"]*)?$/, "$1")
    .replace(/\[([^[\]]+)$/, "$1");
}

/** The marks of `line` that are open at its end, and the line without a mark that opens nothing yet. */
function openMarks(line: string): { text: string; open: string[]; inCode: boolean } {
  const open: string[] = [];
  const marks = /\\.|`+|\*{1,3}|_{1,3}|~~/g;
  for (let found = marks.exec(line); found !== null; found = marks.exec(line)) {
    const [mark] = found;
    const end = found.index + mark.length;
    if (mark.startsWith("\\")) continue;
    if (mark.startsWith("`")) {
      const close = closingRun(line, mark, end);
      if (close !== undefined) marks.lastIndex = close;
      else if (end === line.length) return { text: line.slice(0, found.index), open, inCode: false };
      else return { text: line, open: [...open, mark], inCode: true };
      continue;
    }
    const before = line.slice(found.index - 1, found.index);
    const after = line.slice(end, end + 1);
    if (open.at(-1) === mark && /\S/.test(before)) open.pop();
    else if (after === "") return { text: line.slice(0, found.index), open, inCode: false };
    else if (/\S/.test(after) && !(mark.startsWith("_") && /\w/.test(before))) open.push(mark);
  }
  return { text: line, open, inCode: false };
}

/** Where the code span that `mark` opens ends. */
function closingRun(line: string, mark: string, from: number): number | undefined {
  const runs = /`+/g;
  runs.lastIndex = from;
  for (let run = runs.exec(line); run !== null; run = runs.exec(line)) {
    if (run[0] === mark) return run.index + mark.length;
  }
  return undefined;
}
