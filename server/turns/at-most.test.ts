import { describe, expect, it } from "vitest";
import { createAtMost } from "./at-most.ts";

describe("at most", () => {
  it("runs so many tasks at a time, in the order in which they came, also behind ones that fail", async () => {
    const atMost = createAtMost(2);
    const begun: number[] = [];
    const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
    const results = ends.map(({ promise }, task) =>
      atMost(() => {
        begun.push(task);
        return promise;
      }).catch(String),
    );
    expect(begun).toEqual([0, 1]);
    ends[1]?.reject(new Error("no"));
    await expect.poll(() => begun).toEqual([0, 1, 2]);
    ends[0]?.resolve(0);
    ends[2]?.resolve(2);
    await expect.poll(() => begun).toEqual([0, 1, 2, 3, 4]);
    ends[3]?.resolve(3);
    ends[4]?.resolve(4);
    expect(await Promise.all(results)).toEqual([0, "Error: no", 2, 3, 4]);

    expect(await atMost(async () => "free again")).toBe("free again");
  });
});
