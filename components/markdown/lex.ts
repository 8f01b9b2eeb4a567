import { Lexer, type Token, Tokenizer } from "marked";

/** What a link reference definition (`[tag]: href "title"`) stands for. */
export type LinkTarget = { href: string; title: string | null | undefined };
export type Links = ReadonlyMap<string, LinkTarget>;

/** The top-level blocks of a text, without what is inside their lines, and the definitions among them. */
export function lexBlocks(text: string): { tokens: Token[]; links: Map<string, LinkTarget> } {
  const lexer = boundedLexer();
  const tokens = lexer.blockTokens(text, lexer.tokens);
  const links = new Map<string, LinkTarget>();
  for (const [tag, { href, title }] of Object.entries(lexer.tokens.links)) links.set(tag, { href, title });
  return { tokens, links };
}

/** One block in full. `links` are the definitions of the whole text. */
export function lexBlock(raw: string, links: Links): Token[] {
  const lexer = boundedLexer();
  for (const [tag, { href, title }] of links) lexer.tokens.links[tag] = { href, title: title ?? null };
  return lexer.lex(raw);
}

/** Quotes and lists may nest this deep; what is deeper stays text. marked recurses for each level. */
const MAX_DEPTH = 12;

function boundedLexer() {
  return new Lexer({ gfm: true, breaks: false, tokenizer: new BoundedTokenizer() });
}

class BoundedTokenizer extends Tokenizer {
  #depth = 0;

  override blockquote(src: string) {
    return this.#nested(() => super.blockquote(src));
  }

  override list(src: string) {
    return this.#nested(() => super.list(src));
  }

  /** A title may span lines but not a blank one (CommonMark 4.7); marked would look for its end in the whole text. */
  override def(src: string) {
    const end = src.search(/\n[ \t]*\n/);
    return super.def(end < 0 ? src : src.slice(0, end + 1));
  }

  #nested<Result>(lex: () => Result): Result | undefined {
    if (this.#depth >= MAX_DEPTH) return undefined;
    this.#depth += 1;
    try {
      return lex();
    } finally {
      this.#depth -= 1;
    }
  }
}
