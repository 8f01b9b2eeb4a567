/** A piece of highlighted code: text, or pieces with the classes of highlight.js. */
export type CodeNode = string | { className: string; nodes: CodeNode[] };

/**
 * Reads the output of highlight.js as a tree, so that it need not be parsed as HTML: that output consists of spans with a
 * class, their ends, and escaped text. Whatever else there should be is text.
 */
export function codeTree(html: string): CodeNode[] {
  const root: CodeNode[] = [];
  const open: CodeNode[][] = [root];
  for (const part of html.split(/(<span class="[\w -]*">|<\/span>)/)) {
    const nodes = open.at(-1) ?? root;
    if (part === "") continue;
    if (part === "</span>") {
      if (open.length > 1) open.pop();
    } else if (part.startsWith('<span class="')) {
      const node: CodeNode = { className: part.slice('<span class="'.length, -2), nodes: [] };
      nodes.push(node);
      open.push(node.nodes);
    } else {
      nodes.push(unescaped(part));
    }
  }
  return root;
}

const ESCAPED = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#x27;", "'"],
]);

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (written) => ESCAPED.get(written) ?? written);
}
