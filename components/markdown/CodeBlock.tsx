import { useMemo } from "react";
import { ClippedText } from "../ui/ClippedText.tsx";
import { CopyButton } from "../ui/CopyButton.tsx";
import { type CodeNode, codeTree } from "./code-tree.ts";
import { languageNamed } from "./languages.ts";
import { useHighlighter } from "./use-highlighter.ts";

type CodeBlockProps = { code: string; language: string; live?: boolean };

/** Code with its language and a copy button. Colours come when the language has been loaded, and stay while it grows. */
export function CodeBlock({ code, language, live = false }: CodeBlockProps) {
  const known = languageNamed(language);
  const highlight = useHighlighter(code.length > MAX_HIGHLIGHTED ? undefined : known?.id);
  const done = live ? growthStep(code) : code.length;
  const head = code.slice(0, done);
  const tree = useMemo(() => (highlight === undefined ? undefined : codeTree(highlight(head))), [highlight, head]);
  const name = known?.name ?? language.split(/[\s{]/)[0]?.slice(0, 24) ?? "";
  return (
    <figure className="min-w-0 overflow-hidden rounded-card border border-line" dir="ltr">
      <figcaption className="flex h-8 items-center justify-between ps-3 pe-1 text-muted text-small">
        <span>{name === "" ? "Text" : name}</span>
        <CopyButton label="Copy code" text={() => code} />
      </figcaption>
      <pre
        className="overflow-x-auto px-3 pb-3 font-mono text-code -outline-offset-2 [scrollbar-width:thin]"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {code.length > MAX_HIGHLIGHTED ? (
          <ClippedText text={code} />
        ) : (
          <code>
            {tree === undefined ? head : <Nodes nodes={tree} />}
            {code.slice(done)}
          </code>
        )}
      </pre>
    </figure>
  );
}

/** UTF-16 units. Highlighting takes a millisecond or two per thousand on a slow machine, in one go. */
const MAX_HIGHLIGHTED = 20_000;

/**
 * How much of growing code is coloured: whole lines up to a length that grows by a tenth, so that the work for all
 * updates together is a small multiple of the work for the last.
 */
function growthStep(code: string): number {
  const step = 1.1 ** Math.floor(Math.log(Math.max(code.length, 80)) / Math.log(1.1));
  return code.lastIndexOf("\n", Math.max(step, 80)) + 1;
}

function Nodes({ nodes }: { nodes: readonly CodeNode[] }) {
  return nodes.map((node, index) =>
    typeof node === "string" ? (
      node
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of code have no other identity than their place
      <span key={index} className={node.className}>
        <Nodes nodes={node.nodes} />
      </span>
    ),
  );
}
