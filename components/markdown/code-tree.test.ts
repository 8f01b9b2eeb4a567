import * as fc from "fast-check";
import engine from "highlight.js/lib/core";
import xml from "highlight.js/lib/languages/xml";
import { describe, expect, it } from "vitest";
import { type CodeNode, codeTree } from "./code-tree.ts";

engine.registerLanguage("xml", xml);

describe("codeTree", () => {
  it("gives the code back to the character, whatever it is", () => {
    const hostile = fc.constantFrom(
      "<a b='c'>",
      "</span>",
      '<span class="x">',
      "&amp;",
      "&",
      '"',
      "'",
      "<!--",
      "text",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(hostile), (parts) => {
        const code = parts.join("");
        expect(textOf(codeTree(engine.highlight(code, { language: "xml" }).value))).toBe(code);
      }),
    );
  });

  it("keeps the classes", () => {
    expect(codeTree('a <span class="hljs-tag">&lt;<span class="hljs-name">b</span></span> c')).toEqual([
      "a ",
      { className: "hljs-tag", nodes: ["<", { className: "hljs-name", nodes: ["b"] }] },
      " c",
    ]);
  });
});

function textOf(nodes: readonly CodeNode[]): string {
  return nodes.map((node) => (typeof node === "string" ? node : textOf(node.nodes))).join("");
}
