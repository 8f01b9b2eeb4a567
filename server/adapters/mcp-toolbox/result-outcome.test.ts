import { describe, expect, it } from "vitest";
import { outcomeOfResult, RESULT_LIMITS, resultSchema } from "./result-outcome.ts";

const outcomeOf = (result: unknown) => outcomeOfResult(resultSchema.parse(result));
const text = (value: string) => ({ type: "text", text: value });
const image = (data: string, mimeType = "image/png") => ({ type: "image", data, mimeType });

describe("a result within the limits", () => {
  it.each([
    ["text", [text("hi")], [text("hi")]],
    ["an image", [image("aGk=")], [image("aGk=")]],
    ["audio", [{ type: "audio", data: "aGk=", mimeType: "audio/wav" }], [text("[audio is left out: audio/wav]")]],
    ["a link", [{ type: "resource_link", uri: "a://b", name: "B" }], [text("[link to a resource: B · a://b]")]],
    [
      "a text resource",
      [{ type: "resource", resource: { uri: "a://b", mimeType: "text/plain", text: "inside" } }],
      [text("[resource: a://b (text/plain)]\ninside")],
    ],
    [
      "a binary resource",
      [{ type: "resource", resource: { uri: "a://b", blob: "aGk=" } }],
      [text("[resource: a://b (no type given), its bytes are left out]")],
    ],
    ["SVG", [image("aGk=", "image/svg+xml")], [text("[an image is left out: image/svg+xml cannot be shown]")]],
    ["an image that is no base64", [image("<script>")], [text("[an image is left out: its data is not base64]")]],
    [
      "a new kind of part",
      [{ type: "hologram" }, 7],
      Array(2).fill(text("[a part of a kind that Sidestream does not know is left out]")),
    ],
    ["nothing", undefined, []],
  ])("is converted: %s", (_, content, expected) => {
    expect(outcomeOf({ content })).toEqual({ ok: true, content: expected });
  });

  it("has structured content as JSON, without the text that repeats it", () => {
    const json = { a: [1, { b: null }] };
    const content = [text("Found:"), text(JSON.stringify(json, null, 2))];
    expect(outcomeOf({ content, structuredContent: json }).content).toEqual([text("Found:"), { type: "json", json }]);
  });

  it("is not ok when the tool says so, with its words as the error", () => {
    expect(outcomeOf({ content: [text("no"), text("way")], isError: true })).toMatchObject({
      ok: false,
      error: "no\nway",
    });
    expect(outcomeOf({ isError: true }).error).toBe("The tool failed and did not say why.");
  });
});

describe("a result beyond the limits", () => {
  it("is cut with a note, over all its texts together", () => {
    const { content } = outcomeOf({ content: [text("a".repeat(40_000)), text("b".repeat(40_000)), text("ccc")] });
    expect(content.map((part) => (part.type === "text" ? part.text.length : 0)).slice(0, 1)).toEqual([40_000]);
    expect(content[1]).toEqual(text(`${"b".repeat(10_000)}… cut: 10000 of 40000 characters shown`));
    expect(content[2]).toEqual(text("… cut: 0 of 3 characters shown"));
  });

  it("is never cut within a character", () => {
    const { content } = outcomeOf({ content: [text(`a${"😀".repeat(30_000)}`)] });
    expect(content[0]).toMatchObject({ text: expect.stringMatching(/😀… cut: 49999 of 60001 characters shown$/u) });
  });

  it("has its JSON as a cut text", () => {
    const { content } = outcomeOf({ structuredContent: { long: "x".repeat(60_000) } });
    expect(content[0]).toMatchObject({
      type: "text",
      text: expect.stringMatching(/… cut: 50000 of 60011 characters shown$/),
    });
  });

  it("loses the images that are too large, and keeps those that fit", () => {
    const large = image("A".repeat(6 * 1024 * 1024));
    const { content } = outcomeOf({ content: [large, image("aGk=")] });
    expect(content[0]).toEqual(text("[an image is left out: image/png, 4.5 MB; the images of a result may have 4 MB]"));
    expect(content[1]).toEqual(image("aGk="));
  });

  it("has at most so many parts, the note included", () => {
    const { content } = outcomeOf({ content: Array.from({ length: 120 }, (_, index) => text(String(index))) });
    expect(content).toHaveLength(RESULT_LIMITS.parts);
    expect(content.at(-1)).toEqual(text("… cut: 49 of 120 parts shown"));
  });
});
