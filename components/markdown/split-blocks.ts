import { type Links, type LinkTarget, lexBlocks } from "./lex.ts";

/** A top-level block. `start` is its place in the text and with it its identity: a settled block never moves. */
export type Block = { start: number; raw: string; kind: "markdown" | "code" | "plain" };
export type Split = { blocks: readonly Block[]; links: Links };

/** UTF-16 units that one block may hold: what is longer is shown without markup, because a block is lexed in one go. */
const BLOCK_CAP = 24_000;

/**
 * A function that splits a growing text into blocks. It remembers where the text can no longer change its meaning and
 * lexes only what comes after, so that a long answer costs as much per update as its last block. Any text is allowed:
 * one that does not continue the last is split from its beginning.
 */
export function createSplitter(cap: number = BLOCK_CAP): (text: string) => Split {
  let settled: Settled = NOTHING;
  let last: { text: string; split: Split } | undefined;

  return (source) => {
    const text = source.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
    if (last?.text === text) return last.split;
    if (last === undefined || !text.startsWith(last.text.slice(0, settled.end))) settled = NOTHING;
    const { settled: now, tail, tailLinks } = advance(settled, text, cap);
    settled = now;
    const split: Split = {
      blocks: tail.length === 0 ? now.blocks : [...now.blocks, ...tail],
      links: sameOr(last?.split.links, merged(now.links, tailLinks)),
    };
    last = { text, split };
    return split;
  };
}

/** What no further text can change: everything before `end`. */
type Settled = { end: number; blocks: readonly Block[]; links: Links };
const NOTHING: Settled = { end: 0, blocks: [], links: new Map() };

function advance(from: Settled, text: string, cap: number) {
  let { end, blocks, links } = from;
  for (;;) {
    const isLast = end + cap >= text.length;
    const lexed = lexWindow(text.slice(end, end + cap), end);
    if (lexed.settled > end) {
      const { settled } = lexed;
      blocks = [...blocks, ...lexed.blocks.filter((block) => block.start < settled)];
      links = merged(links, lexed.linksBefore(settled));
      end = settled;
      if (!isLast) continue;
    }
    const now: Settled = { end, blocks, links };
    if (isLast) return { settled: now, tail: lexed.blocks.filter(({ start }) => start >= end), tailLinks: lexed.links };
    const { block, closed } = oversized(text, end, cap);
    if (!closed) return { settled: now, tail: [block], tailLinks: new Map<string, LinkTarget>() };
    blocks = [...blocks, block];
    end += block.raw.length;
  }
}

/** The blocks of a piece of text that begins between two blocks, and the last place where it is settled. */
function lexWindow(window: string, offset: number) {
  const { tokens, links } = lexBlocks(window);
  const blocks: Block[] = [];
  let settled = offset;
  let at = 0;
  for (const token of tokens) {
    // marked adds a line break to a few odd merged tokens; then the rest is one block, which loses nothing.
    const raw = window.startsWith(token.raw, at) ? token.raw : window.slice(at);
    if (token.type !== "space") {
      if (at > 0 && isSettledAt(window, at)) settled = offset + at;
      blocks.push({ start: offset + at, raw, kind: "markdown" });
    }
    at += raw.length;
  }
  const linksBefore = (end: number) =>
    end === offset ? NOTHING.links : lexBlocks(window.slice(0, end - offset)).links;
  return { blocks, links, settled, linksBefore };
}

/**
 * Blocks are told apart line by line, so the border in front of a block is final once a blank line divides it from the
 * block before, its own first line is complete, and that line is not indented (it could continue a list).
 */
function isSettledAt(window: string, at: number): boolean {
  if (/^\s/.test(window.slice(at, at + 1)) || window.indexOf("\n", at) < 0) return false;
  return /\n[ \t]*\n$/.test(window.slice(Math.max(0, at - 200), at));
}

/** A block that is longer than the cap: a fence to its end, anything else to the first blank line after the cap. */
function oversized(text: string, start: number, cap: number): { block: Block; closed: boolean } {
  const fence = /^\n* {0,3}(`{3,}|~{3,})/.exec(text.slice(start, start + 200))?.[1];
  const from = start + (fence === undefined ? cap : 0);
  const close = fence === undefined ? /\n[ \t]*\n/g : new RegExp(`\\n {0,3}${fence}${fence[0]}*[ \\t]*\\n`, "g");
  close.lastIndex = from;
  const found = close.exec(text);
  const end = found === null ? text.length : found.index + found[0].length;
  const kind = fence === undefined ? "plain" : "code";
  return { block: { start, raw: text.slice(start, end), kind }, closed: found !== null };
}

/** The first definition of a tag wins (CommonMark 4.7). */
function merged(first: Links, second: Links): Links {
  return second.size === 0 ? first : new Map([...second, ...first]);
}

/** Keeps the identity of equal links: every block with a bracket is rendered again when they change. */
function sameOr(before: Links | undefined, now: Links): Links {
  if (before === undefined || before.size !== now.size) return now;
  for (const [tag, { href, title }] of now) {
    const other = before.get(tag);
    if (other?.href !== href || other.title !== title) return now;
  }
  return before;
}
