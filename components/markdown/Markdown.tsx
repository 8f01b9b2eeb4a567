import { memo, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { ClippedText } from "../ui/ClippedText.tsx";
import { renderBlocks } from "./block.tsx";
import { CodeBlock } from "./CodeBlock.tsx";
import { type Links, lexBlock } from "./lex.ts";
import { type Block, createSplitter } from "./split-blocks.ts";
import { tidyTail } from "./tidy-tail.ts";

/** Blocks that are mounted without being asked for: far more than an answer has, far less than stalls the panel. */
const SHOWN_BLOCKS = 1_000;

type MarkdownProps = {
  text: string;
  /** Whether more text is expected at the end. */
  live?: boolean;
};

/**
 * Hostile markdown as React elements. No text of it is ever parsed as HTML, so there is nothing to sanitise. While it
 * grows, blocks that are done keep their nodes, and only the last one is rendered again.
 */
export function Markdown({ text, live = false }: MarkdownProps) {
  const [split] = useState(() => createSplitter());
  const [shown, setShown] = useState(SHOWN_BLOCKS);
  const { blocks, links } = split(text);
  const rest = blocks.length - shown;
  return (
    <div className="markdown">
      {(rest > 0 ? blocks.slice(0, shown) : blocks).map((block, index) => (
        <MemoBlock key={block.start} block={block} links={links} live={live && index === blocks.length - 1} />
      ))}
      {rest > 0 && (
        <Button onClick={() => setShown(shown + SHOWN_BLOCKS)}>
          Show more ({rest.toLocaleString("en")} blocks left)
        </Button>
      )}
    </div>
  );
}

type BlockProps = { block: Block; links: Links; live: boolean };

const MemoBlock = memo(
  function MemoBlock({ block, links, live }: BlockProps) {
    if (block.kind === "plain") return <ClippedText text={block.raw.trim()} />;
    if (block.kind === "code") return <CodeBlock {...fenced(block.raw)} live={live} />;
    return renderBlocks(lexBlock(live ? tidyTail(block.raw) : block.raw, links), { live, dir: "auto" });
  },
  (before, now) =>
    before.live === now.live &&
    before.block.raw === now.block.raw &&
    before.block.kind === now.block.kind &&
    (before.links === now.links || !now.block.raw.includes("[")),
);

/** A fence that is too long for the lexer. */
function fenced(raw: string): { code: string; language: string } {
  const start = raw.indexOf("\n", raw.search(/\S/));
  const language = /^\s*(?:`{3,}|~{3,})([^\n]*)/.exec(raw)?.[1]?.trim() ?? "";
  return { code: raw.slice(start + 1).replace(/\n? {0,3}(?:`{3,}|~{3,})[ \t]*\n*$/, ""), language };
}
