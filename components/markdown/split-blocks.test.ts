import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSplitter, type Split } from "./split-blocks.ts";

describe("createSplitter", () => {
  it("loses no character: the blocks are the text, but for blank lines", () => {
    fc.assert(
      fc.property(markdownText, (source) => {
        const text = source.replaceAll("\r\n", "\n");
        for (const { start, raw } of createSplitter()(text).blocks)
          expect(text.slice(start, start + raw.length)).toBe(raw);
        const shown = createSplitter()(text).blocks.map(({ raw }) => raw);
        expect(shown.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      }),
      { numRuns: 300 },
    );
  });

  it("ends with the same blocks however the text came", () => {
    fc.assert(
      fc.property(markdownText, fc.array(fc.nat(2_000), { maxLength: 12 }), (text, cuts) => {
        expect(grown(createSplitter(), text, cuts)).toEqual(plain(createSplitter()(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("ends with the same blocks when blocks are longer than the cap", () => {
    fc.assert(
      fc.property(markdownText, fc.array(fc.nat(2_000), { maxLength: 12 }), (text, cuts) => {
        expect(grown(createSplitter(60), text, cuts)).toEqual(plain(createSplitter(60)(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("ends with the same blocks character by character", () => {
    fc.assert(
      fc.property(markdownText, (text) => {
        const every = Array.from({ length: text.length }, (_, index) => index);
        expect(grown(createSplitter(), text, every)).toEqual(plain(createSplitter()(text)));
      }),
      { numRuns: 100 },
    );
  });

  it("keeps settled blocks as the very same objects while text grows", () => {
    const split = createSplitter();
    const before = split("# One\n\nTwo\n\nThree").blocks;
    const after = split("# One\n\nTwo\n\nThree and more\n\nFour").blocks;
    expect(after[0]).toBe(before[0]);
    expect(after.map(({ raw }) => raw.trim())).toEqual(["# One", "Two", "Three and more", "Four"]);
  });

  it("starts again when the text is another one", () => {
    const split = createSplitter();
    split("# One\n\nTwo\n\nThree\n\nFour");
    expect(split("Other\n\ntext").blocks.map(({ raw }) => raw.trim())).toEqual(["Other", "text"]);
  });

  it("lets a definition at the end reach the blocks before it", () => {
    const { links } = createSplitter()("See [it].\n\nMore.\n\n[it]: https://example.com 'Title'\n");
    expect(links.get("it")).toEqual({ href: "https://example.com", title: "Title" });
  });

  it("shows a fence over the cap as one code block and goes on behind it", () => {
    const fence = `\`\`\`js\n${"let a = 1;\n\n".repeat(50)}\`\`\`\n`;
    const { blocks } = createSplitter(100)(`Before\n\n${fence}\nAfter`);
    expect(blocks.map(({ kind }) => kind)).toEqual(["markdown", "code", "markdown"]);
    expect(blocks[1]?.raw).toBe(fence);
  });

  it.each([
    ["a line of a megabyte", "a".repeat(1_000_000)],
    ["quotes", ">".repeat(10_000)],
    ["brackets", "[".repeat(10_000)],
    ["stars", "*".repeat(10_000)],
    ["bullets", "- ".repeat(5_000)],
    ["numbers", "1. ".repeat(5_000)],
    ["backticks", "`a".repeat(10_000)],
    ["images", "![](".repeat(10_000)],
    ["tags", "<a ".repeat(10_000)],
    ["definitions", "[a]: b\n".repeat(5_000)],
    ["nested lists", Array.from({ length: 300 }, (_, depth) => `${"  ".repeat(depth)}- a`).join("\n")],
  ])("gets through 10,000 of %s", (_, text) => {
    const { blocks } = createSplitter()(text);
    expect(blocks.reduce((sum, { raw }) => sum + raw.length, 0)).toBeGreaterThan(0);
  });
});

function grown(split: (text: string) => Split, text: string, cuts: readonly number[]) {
  for (const cut of [...cuts].sort((a, b) => a - b)) split(text.slice(0, cut));
  return plain(split(text));
}

function plain({ blocks, links }: Split) {
  return { blocks, links: [...links].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Markdown with all that makes borders between blocks hard. */
const LINES = [
  ...[
    "word",
    "text with words",
    "# head",
    "---",
    "===",
    "- item",
    "* other",
    "1. one",
    "2) two",
    "> quote",
    "-",
    "1",
    "#",
  ],
  ...[
    "```",
    "```js",
    "~~~",
    "| a | b |",
    "|--|--|",
    "a | b",
    "**bold",
    "`code",
    "[x]",
    "- [ ] task",
    "<b>",
    "<div>",
    "</div>",
  ],
  ...[
    "<!-- c",
    "-->",
    "<script>",
    "</script>",
    "<?",
    "?>",
    "[x]: https://a.example",
    '"title',
    'title"',
    "[y]:",
    "(t)",
  ],
];
const markdownText = fc
  .array(
    fc.tuple(
      fc.constantFrom("", "", "", "  ", "    ", "> ", "- ", "1. ", "\t"),
      fc.constantFrom(...LINES),
      fc.constantFrom("\n", "\n", "\n\n", "\n\n", "\n\n\n", " ", "\n \n", "\r\n"),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.flat().join(""));
