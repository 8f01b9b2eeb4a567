import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../api/clock.ts";
import { capturePage } from "./capture-page.ts";
import { cutText } from "./cut.ts";
import { pageInfoOf } from "./page-access.ts";

const extraction = {
  status: "extracted",
  from: "page",
  url: "https://example.com/a",
  title: "A",
  text: "Words.",
  truncated: false,
};

describe("capturePage", () => {
  it("hands over what the script read as a page part", async () => {
    expect(await capture({ extract: async () => extraction })).toMatchObject({
      status: "captured",
      from: "page",
      page: { type: "page", url: "https://example.com/a", title: "A", text: "Words.", truncated: false },
    });
  });

  it.each([
    ["a settings page", "Cannot access a chrome:// URL", /do not let extensions/],
    ["the web store", "The extensions gallery cannot be scripted.", /do not let extensions/],
    ["an error page", "Frame with ID 0 is showing error page", /do not let extensions/],
    ["a tab that closes", "No tab with id: 7", /Reload it/],
  ])("says why %s cannot be read", async (_, message, reason) => {
    const result = await capture({ extract: () => Promise.reject(new Error(message)) });
    expect(result).toMatchObject({ status: "failed", reason: expect.stringMatching(reason) });
  });

  it("asks for a permission where that would help", async () => {
    const message = "Cannot access contents of the page. Extension manifest must request permission to access it.";
    const result = await capture({ tab: { id: 1 }, extract: () => Promise.reject(new Error(message)) });
    expect(result).toEqual({ status: "needs-permission", origin: "*://*/*" });
  });

  it("does not ask where all is granted already: Firefox refuses its own pages in the words for others", async () => {
    const extract = () => Promise.reject(new Error("Missing host permission for the tab"));
    expect(await capture({ tab: { id: 1 }, extract })).toMatchObject({ status: "needs-permission" });
    const mayReadAll = () => Promise.resolve(true);
    expect(await capture({ tab: { id: 1 }, extract, mayReadAll })).toMatchObject({ status: "failed" });
  });

  it.each([
    ["pdf", /PDF/],
    ["empty", /no text/],
    ["broken", /could not be read/],
  ])("explains a page that is %s", async (reason, sentence) => {
    const result = await capture({ extract: async () => ({ status: "unreadable", reason }) });
    expect(result).toMatchObject({ status: "failed", reason: expect.stringMatching(sentence) });
  });

  it.each([[null], ["text"], [{ ...extraction, url: "javascript:alert(1)" }], [{ ...extraction, text: 7 }]])(
    "does not believe a page that says %j",
    async (said) => {
      expect(await capture({ extract: async () => said })).toMatchObject({ status: "failed" });
    },
  );

  it("does not wait for a page for ever", async () => {
    const impatient: Clock = { ...systemClock, after: (_, callback) => systemClock.after(0, callback) };
    const result = await capture({ clock: impatient, extract: () => new Promise(() => undefined) });
    expect(result).toMatchObject({ status: "failed", reason: expect.stringMatching(/too long/) });
  });

  it("never runs a script where browsers forbid it", async () => {
    const extract = () => Promise.reject(new Error("must not be called"));
    const tab = { id: 1, url: "https://chromewebstore.google.com/detail/x" };
    expect(await capture({ tab, extract })).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/do not let/),
    });
  });
});

describe("pageInfoOf", () => {
  it.each([
    [undefined, { access: "never" }],
    [{ id: 1 }, { access: "ask" }],
    [
      { id: 1, url: "https://a.example/", title: "A" },
      { access: "granted", url: "https://a.example/", title: "A" },
    ],
    [
      { id: 1, url: "chrome://settings/" },
      { access: "never", url: "chrome://settings/" },
    ],
    [
      { id: 1, url: "https://addons.mozilla.org/x" },
      { access: "never", url: "https://addons.mozilla.org/x" },
    ],
  ])("%j", (tab, info) => {
    expect(pageInfoOf(tab)).toEqual(info);
  });
});

describe("cutText", () => {
  it.each([
    ["abc", 3, "abc", false],
    ["abcd", 3, "abc", true],
    ["ab😀", 3, "ab", true],
    ["ab😀", 4, "ab😀", false],
    ["a\ud800b", 9, "a\ufffdb", false],
  ])("%j at %i", (text, max, cut, truncated) => {
    expect(cutText(text, max)).toEqual({ text: cut, truncated });
  });
});

function capture(options: Partial<Parameters<typeof capturePage>[0]>) {
  const tab = { id: 1, url: "https://example.com/a" };
  const mayReadAll = () => Promise.resolve(false);
  return capturePage({ tab, mayReadAll, clock: systemClock, extract: async () => undefined, ...options });
}
