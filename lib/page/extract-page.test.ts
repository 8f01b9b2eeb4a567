// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../protocol/limits.ts";
import { extractPage } from "./extract-page.ts";
import { plainText } from "./plain-text.ts";
import { isTooMuch } from "./shape.ts";

beforeEach(() => {
  document.head.innerHTML = "<title>  A\n title </title>";
  document.body.innerHTML = "";
  getSelection()?.removeAllRanges();
});

describe("extractPage", () => {
  it("says that an empty page is empty", () => {
    expect(extractPage(window)).toEqual({ status: "unreadable", reason: "empty" });
  });

  it("prefers what is selected", () => {
    document.body.innerHTML = `<p>Not this.</p><p id="this">Only <b>this</b> one.</p>`;
    const range = document.createRange();
    range.selectNodeContents(document.querySelector("#this") ?? document.body);
    getSelection()?.addRange(range);
    expect(extractPage(window)).toMatchObject({ from: "selection", title: "A title", truncated: false });
    expect(extractPage(window)).toMatchObject({ text: expect.stringMatching(/^Only (\*\*)?this(\*\*)? one\.$/) });
  });

  it("cuts a long page and says so", () => {
    document.body.innerHTML = `<p>${"word ".repeat(50_000)}</p>`;
    const extraction = extractPage(window);
    expect(extraction).toMatchObject({ from: "page", truncated: true });
    expect(extraction.status === "extracted" && extraction.text.length).toBe(LIMITS.pageCharacters);
  });
});

describe("plainText", () => {
  it("puts blocks on lines and leaves out what is not text", () => {
    document.body.innerHTML =
      "<h1>Title</h1><p>One <b>bold</b>\n word</p><script>evil()</script><style>x{}</style><ul><li>a</li><li>b</li></ul>";
    expect(plainText(document.body, 1_000).split(/\n+/)).toEqual(["Title", "One bold word", "a", "b"]);
  });

  it("stops soon after the limit", () => {
    document.body.innerHTML = "<p>0123456789</p>".repeat(1_000);
    expect(plainText(document.body, 100).length).toBeLessThan(130);
  });
});

describe("isTooMuch", () => {
  it.each([
    ["a page", "<div>".repeat(50), false],
    ["a page that nests without end", "<div>".repeat(300), true],
    ["a page of very many elements", "<i></i>".repeat(20_001), true],
  ])("%s", (_, html, wanted) => {
    document.body.innerHTML = html;
    expect(isTooMuch(document.documentElement)).toBe(wanted);
  });
});
