/**
 * The text below a node, a line for each block, read until `max` UTF-16 units are there. It walks node by node and asks
 * for no layout, so a page of any size takes bounded time.
 */
export function plainText(root: Node, max: number): string {
  const walker = NodeIterator(root);
  let text = "";
  for (let visited = 0; visited < MAX_NODES && text.length <= max; visited += 1) {
    const node = walker.nextNode();
    if (!node) break;
    if (node instanceof Element) text = withBreak(text);
    else text += lineOf(node);
  }
  return text
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function NodeIterator(root: Node): TreeWalker {
  const { SHOW_ELEMENT, SHOW_TEXT, FILTER_ACCEPT, FILTER_REJECT, FILTER_SKIP } = NodeFilter;
  // The document of the root may be clobbered by its own markup; the method that it inherits is not.
  const walker: unknown = Document.prototype.createTreeWalker.call(
    root.ownerDocument,
    root,
    SHOW_ELEMENT | SHOW_TEXT,
    (node: Node) => {
      if (!(node instanceof Element)) return FILTER_ACCEPT;
      if (SILENT.has(node.localName)) return FILTER_REJECT;
      return INLINE.has(node.localName) ? FILTER_SKIP : FILTER_ACCEPT;
    },
  );
  if (walker instanceof TreeWalker) return walker;
  throw new TypeError("The page gave no tree walker.");
}

function lineOf(node: Node): string {
  return (node.nodeValue ?? "").replaceAll(/\s+/g, " ");
}

function withBreak(text: string): string {
  return text === "" || text.endsWith("\n\n") ? text : `${text}\n`;
}

/** A page of a million nodes is read to here. */
const MAX_NODES = 400_000;

const SILENT = new Set(["script", "style", "noscript", "template", "svg", "head", "iframe", "canvas"]);

/** Elements that stand within a line. */
const INLINE = new Set(
  "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time u var wbr".split(
    " ",
  ),
);
