/**
 * The first `limit` rows, fewer when they are heavy: a page of long answers must not fill the memory. `more` tells
 * whether rows were left. At least one row is taken when there is one. Reads `rows` no further than one row ahead.
 */
export function takePage<Row>(
  rows: Iterable<Row>,
  limit: number,
  sizeOf: (row: Row) => number,
): { rows: Row[]; more: boolean } {
  const taken: Row[] = [];
  let size = 0;
  for (const row of rows) {
    size += sizeOf(row);
    if (taken.length === limit || (taken.length > 0 && size > PAGE_CHARACTERS)) return { rows: taken, more: true };
    taken.push(row);
  }
  return { rows: taken, more: false };
}

const PAGE_CHARACTERS = 8 * 1024 * 1024;
