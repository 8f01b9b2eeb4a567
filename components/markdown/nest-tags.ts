import { createElement, Fragment, type ReactNode } from "react";
import { withReferencesResolved } from "./character-references.ts";

/** A finished node, or a piece of raw HTML as it is written. */
export type Piece = { node: ReactNode } | { html: string };

/**
 * Puts raw HTML between markdown in its place without ever parsing it as HTML: the tags of a few harmless formats become
 * elements of ours without attributes, tags that only lay out are dropped, and everything else is shown as the text that
 * it is. So nothing of an answer is lost, and nothing of it can become an element that we did not write.
 */
export function nestTags(pieces: readonly Piece[]): ReactNode {
  const open: { tag: string; nodes: ReactNode[] }[] = [];
  const root: ReactNode[] = [];
  const add = (node: ReactNode) => (open.at(-1)?.nodes ?? root).push(node);
  const close = () => {
    const frame = open.pop();
    if (frame !== undefined) add(createElement(frame.tag, null, ...frame.nodes));
  };

  for (const piece of pieces) {
    if ("node" in piece) {
      add(piece.node);
      continue;
    }
    for (const part of piece.html.split(/(<\/?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,500})?\/?>)/i)) {
      const tag = readTag(part);
      if (tag === undefined) add(withReferencesResolved(part));
      else if (tag.name === "br") add(createElement("br"));
      else if (LAYOUT.has(tag.name)) continue;
      else if (!tag.closes && open.length < MAX_OPEN) open.push({ tag: tag.name, nodes: [] });
      else if (tag.closes && open.at(-1)?.tag === tag.name) close();
      else add(part);
    }
  }
  while (open.length > 0) close();
  return createElement(Fragment, null, ...root);
}

const MAX_OPEN = 12;
const FORMATS = new Set(["b", "br", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "strong", "sub", "sup", "u"]);
const LAYOUT = new Set(["center", "details", "div", "font", "p", "section", "small", "span", "summary"]);

function readTag(part: string): { name: string; closes: boolean } | undefined {
  const found = /^<(\/?)([a-z][a-z0-9]*)(\s[^>]*)?\/?>$/i.exec(part);
  const name = found?.[2]?.toLowerCase();
  if (name === undefined) return undefined;
  const isBare = (found?.[3] ?? "").trim().replace("/", "") === "";
  return LAYOUT.has(name) || (FORMATS.has(name) && isBare) ? { name, closes: found?.[1] === "/" } : undefined;
}
