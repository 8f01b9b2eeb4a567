/** Numbers that both ends of the wire rely on. */
export const LIMITS = {
  /** Bytes of a request body. */
  bodyBytes: 2 * 1024 * 1024,
  /** UTF-16 units of a captured page; what is over is cut and `truncated` is set. */
  pageCharacters: 200_000,
  /** UTF-16 units of a conversation's title. */
  titleCharacters: 200,
  /** Parts of one question. */
  questionParts: 32,
  /** UTF-16 units of a search query. */
  queryCharacters: 200,
  pageSizeDefault: 50,
  pageSizeMax: 200,
  /** Milliseconds between `: ping` comments on an event stream. */
  pingMs: 15_000,
  /** Milliseconds that an event stream stays open behind the expiry of its token. */
  expiredTokenGraceMs: 60_000,
} as const;
