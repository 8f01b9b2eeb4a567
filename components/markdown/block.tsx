import { Square, SquareCheck } from "lucide-react";
import type { MarkedToken, Token, Tokens } from "marked";
import { Fragment, type ReactNode } from "react";
import { CodeBlock } from "./CodeBlock.tsx";
import { isOwnToken, renderInline } from "./inline.tsx";
import { nestTags } from "./nest-tags.ts";

/** `live`: the text is still growing at its end. `dir`: a quote or item finds its direction for all that is in it. */
type Place = { live: boolean; dir: "auto" | undefined };

/** Renders the blocks of a text, a quote or an item. */
export function renderBlocks(tokens: readonly Token[], place: Place): ReactNode {
  return tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a text have no other identity than their place
    <Fragment key={index}>{isOwnToken(token) ? renderBlock(token, place) : token.raw}</Fragment>
  ));
}

function renderBlock(token: MarkedToken, { live, dir }: Place): ReactNode {
  switch (token.type) {
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "paragraph":
      return <p dir={dir}>{renderInline(token.tokens)}</p>;
    case "heading": {
      const Heading = HEADINGS[Math.min(Math.max(token.depth, 1), 6) - 1] ?? "h6";
      return <Heading dir={dir}>{renderInline(token.tokens)}</Heading>;
    }
    case "code":
      return <CodeBlock code={token.text} language={token.lang ?? ""} live={live} />;
    case "blockquote":
      return <blockquote dir="auto">{renderBlocks(token.tokens, { live, dir: undefined })}</blockquote>;
    case "list":
      return renderList(token, live);
    case "table":
      return <Table token={token} />;
    case "hr":
      return <hr />;
    case "html":
      return <p dir={dir}>{nestTags([{ html: token.text.trim() }])}</p>;
    default:
      return renderInline([token]);
  }
}

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;

function renderList(list: Tokens.List, live: boolean): ReactNode {
  const items = list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of a text have no other identity than their place
    <li key={index} dir="auto" className={item.task ? "task" : undefined}>
      {item.task && <TaskBox done={item.checked === true} />}
      {renderBlocks(item.tokens, { live, dir: undefined })}
    </li>
  ));
  return list.ordered ? <ol start={list.start === "" ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
}

function TaskBox({ done }: { done: boolean }) {
  const Icon = done ? SquareCheck : Square;
  return <Icon size={16} role="img" aria-label={done ? "Done" : "To do"} className="task-box" />;
}

function Table({ token }: { token: Tokens.Table }) {
  return (
    <section
      className="table-frame"
      aria-label="Table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table>
        <thead>
          <tr>{token.header.map((cell, index) => renderCell(cell, index, "th"))}</tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a text have no other identity than their place
            <tr key={index}>{row.map((cell, column) => renderCell(cell, column, "td"))}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function renderCell(cell: Tokens.TableCell, column: number, Cell: "th" | "td"): ReactNode {
  return (
    <Cell key={column} dir="auto" data-align={cell.align ?? undefined}>
      {renderInline(cell.tokens)}
    </Cell>
  );
}
