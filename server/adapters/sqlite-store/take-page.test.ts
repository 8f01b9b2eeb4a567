import { describe, expect, it } from "vitest";
import { takePage } from "./take-page.ts";

const MB = 1024 * 1024;
/** Rows written as `commit:size in MB`. */
const rows = (list: string) =>
  list.split(" ").map((row) => {
    const [commit, size] = row.split(":").map(Number);
    return { commit: commit ?? 0, size: (size ?? 0) * MB };
  });
type Row = { commit: number; size: number };
const byCommit = {
  size: (row: Row) => row.size,
  shareCommit: (one: Row, next: Row) => one.commit === next.commit,
};

describe("takePage", () => {
  it.each<[string, string, number, number, boolean]>([
    ["takes as many as asked for", "1:0 2:0 3:0", 2, 2, true],
    ["takes all that there are", "1:0 2:0 3:0", 3, 3, false],
    ["goes beyond the limit for a commit", "1:0 1:0 1:0 2:0", 1, 3, true],
    ["goes beyond the limit for the last commit", "1:0 2:0 2:0 2:0", 2, 4, false],
    ["ends between heavy rows", "1:5 2:5 3:0", 50, 1, true],
    ["goes beyond the weight for a commit", "1:5 1:5 1:5 2:0", 50, 3, true],
    ["ends before a row that is too heavy", "1:0 1:5 2:9 2:1", 50, 2, true],
    ["takes one row however heavy", "1:20 2:1", 50, 1, true],
  ])("%s: %s by %i", (_, list, limit, taken, more) => {
    const page = takePage(rows(list), limit, byCommit);
    expect({ taken: page.rows.length, more: page.more }).toEqual({ taken, more });
  });

  it("cuts anywhere where rows share nothing, and reads one row ahead at most", () => {
    let read = 0;
    const counted = (function* () {
      for (const row of rows("1:0 1:0 1:0 1:0")) {
        read += 1;
        yield row;
      }
    })();
    expect(takePage(counted, 2, { size: byCommit.size }).rows).toHaveLength(2);
    expect(read).toBe(3);
  });
});
