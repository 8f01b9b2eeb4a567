import fc from "fast-check";
import { expect, it } from "vitest";
import { callableNames } from "./tool-names.ts";

it("keeps names that are fine and maps the others", () => {
  const names = callableNames("srv", ["read", "a.b", "a_b", "", "read", "über/x"]);
  expect(names.get("read")).toBe("read");
  expect(names.get("a_b")).toBe("a_b");
  expect(names.get("a.b")).toMatch(/^a_b_[0-9a-f]{8}$/);
  expect(names.get("über/x")).toBe("_ber_x");
  expect(names.size).toBe(4);
});

it("gives the same names in whatever order a server lists", () => {
  const originals = ["a.b", "a/b", "a b", "x".repeat(80), `${"x".repeat(80)}y`];
  expect(new Map(callableNames("srv", originals.toReversed()))).toEqual(callableNames("srv", originals));
});

it("gives unique names that a model may call, for any names of a server", () => {
  const server = fc.stringMatching(/^[a-zA-Z0-9-]{1,32}$/);
  fc.assert(
    fc.property(server, fc.array(fc.string({ maxLength: 90, unit: "grapheme" })), (name, originals) => {
      const names = [...callableNames(name, originals).values()];
      expect(new Set(names).size).toBe(names.length);
      for (const tool of names) expect(`${name}__${tool}`).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    }),
  );
});
