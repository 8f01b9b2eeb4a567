import type { MarkedToken, Token } from "marked";
import type { ReactNode } from "react";
import { withReferencesResolved } from "./character-references.ts";
import { ImagePlaceholder } from "./ImagePlaceholder.tsx";
import { Link } from "./Link.tsx";
import { nestTags, type Piece } from "./nest-tags.ts";

/** What is inside a paragraph, heading, cell or item. */
export function renderInline(tokens: readonly Token[] | undefined): ReactNode {
  if (tokens === undefined) return null;
  return nestTags(tokens.map(pieceOf));
}

/** Tells marked's own tokens from those of extensions, which there are none of. */
export function isOwnToken(token: Token): token is MarkedToken {
  return OWN.has(token.type);
}

const OWN = new Set(
  "blockquote br checkbox code codespan def del em escape heading hr html image link list list_item paragraph space strong table text".split(
    " ",
  ),
);

function pieceOf(token: Token): Piece {
  if (!isOwnToken(token)) return { node: token.raw };
  if (token.type === "html") return { html: token.text };
  return { node: renderToken(token) };
}

function renderToken(token: MarkedToken): ReactNode {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? withReferencesResolved(token.text) : renderInline(token.tokens);
    case "escape":
      return token.text;
    case "strong":
      return <strong>{renderInline(token.tokens)}</strong>;
    case "em":
      return <em>{renderInline(token.tokens)}</em>;
    case "del":
      return <del>{renderInline(token.tokens)}</del>;
    case "codespan":
      return <code dir="ltr">{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return (
        <Link address={token.href} words={token.text}>
          {renderInline(token.tokens)}
        </Link>
      );
    case "image":
      return <ImagePlaceholder key={token.href} address={token.href} alt={withReferencesResolved(token.text)} />;
    case "checkbox":
      return null;
    default:
      return token.raw;
  }
}
