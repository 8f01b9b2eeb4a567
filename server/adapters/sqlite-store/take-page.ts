/**
 * The first `limit` rows, fewer when they are heavy: a page of long answers must not fill the memory. Rows of one commit
 * are never divided, so the page may go a few rows beyond. `more` tells whether rows were left. At least one row is taken
 * when there is one. Reads `rows` no further than one row ahead.
 */
export function takePage<Row>(
  rows: Iterable<Row>,
  limit: number,
  ofRow: RowFacts<Row>,
): { rows: Row[]; more: boolean } {
  const taken: Row[] = [];
  let size = 0;
  let last: Row | undefined;
  for (const row of rows) {
    size += ofRow.size(row);
    const isFull = taken.length >= limit || size > PAGE_CHARACTERS;
    if (isFull && last !== undefined && !ofRow.shareCommit?.(last, row)) return { rows: taken, more: true };
    taken.push(row);
    last = row;
  }
  return { rows: taken, more: false };
}

type RowFacts<Row> = {
  /** UTF-16 units, about. */
  size(row: Row): number;
  /** Whether two neighbours must be in one page; never when left out. */
  shareCommit?(one: Row, next: Row): boolean;
};

const PAGE_CHARACTERS = 8 * 1024 * 1024;
