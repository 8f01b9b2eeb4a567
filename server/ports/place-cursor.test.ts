import { expect, it } from "vitest";
import * as z from "zod";
import { decodePlace, encodePlace } from "./place-cursor.ts";

const place = z.tuple([z.int(), z.string()]);

it("gives back the place that it was made of", () => {
  expect(decodePlace(encodePlace([5, "an ïd/with+signs"]), place.parse)).toEqual([5, "an ïd/with+signs"]);
});

it.each([
  ["another form", encodePlace(["5"])],
  ["no JSON", Buffer.from("[5,").toString("base64url")],
  ["nothing", ""],
  ["no base64url", "§§§"],
])("refuses %s as the caller's mistake", (_, cursor) => {
  expect(() => decodePlace(cursor, place.parse)).toThrow(expect.objectContaining({ code: "bad_request" }));
});
