import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { longAnswer } from "../fixtures/long-answer.ts";
import { type MarkdownPage, openMarkdownPage } from "../fixtures/markdown-page.ts";

let markdown: MarkdownPage;
beforeAll(async () => {
  markdown = await openMarkdownPage();
});
afterAll(() => markdown.close());

describe("markdown that grows", () => {
  it("keeps the nodes of every block but the last", async () => {
    const text = longAnswer(6_000);
    for (let end = 200; end < text.length; end += 97) {
      await markdown.show(text.slice(0, end), { live: true });
      await markdown.page.evaluate(() => {
        const blocks = [...document.querySelectorAll(".markdown > *")];
        const before: unknown = Reflect.get(window, "settled");
        if (Array.isArray(before) && before.some((block, index) => block !== blocks[index])) {
          throw new Error("A block that was done got new nodes.");
        }
        Reflect.set(window, "settled", blocks.slice(0, -1));
      });
    }
    expect(await markdown.page.locator(".markdown > *").count()).toBeGreaterThan(20);
  });

  it("touches nothing outside the last block when a word is added", async () => {
    const text = `${longAnswer(4_000)}\n\nAnd then`;
    await markdown.show(text, { live: true });
    const touched = await markdown.page.evaluate(
      async (detail) => {
        const last = document.querySelector(".markdown > :last-child");
        const elsewhere: string[] = [];
        const observer = new MutationObserver((records) => {
          for (const { target } of records) if (last?.contains(target) !== true) elsewhere.push(target.nodeName);
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        dispatchEvent(new CustomEvent("markdown", { detail }));
        await Promise.resolve();
        observer.disconnect();
        return elsewhere;
      },
      { text: `${text} the`, live: true },
    );
    expect(touched).toEqual([]);
  });

  it("keeps what the person selected in the block that is growing", async () => {
    await markdown.show("The **first** words of a paragraph", { live: true });
    await markdown.page.locator(".markdown strong").selectText();
    await markdown.show("The **first** words of a paragraph that goes on", { live: true });
    expect(await markdown.page.evaluate(() => getSelection()?.toString())).toBe("first");
  });

  it("ends in the same page however the text came", async () => {
    const text = `${longAnswer(2_500)}\n\nSee [it] and **this\n\n[it]: https://example.com\n\n\`\`\`js\nlet a`;
    const whole = await shownWhole(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { minLength: 1, maxLength: 15 }), async (cuts) => {
        await markdown.show("");
        for (const cut of cuts.sort((a, b) => a - b)) await markdown.show(text.slice(0, cut), { live: true });
        expect(await shownWhole(text)).toBe(whole);
      }),
      { numRuns: 25 },
    );
  });

  it("shows no mark that is about to become a format", async () => {
    const text = "Some **bold words**, a [link](https://example.com/a) and `code`.\n\n| a | b |\n|---|---|\n| c | d |";
    for (let end = 1; end < text.length; end += 1) {
      await markdown.show(text.slice(0, end), { live: true });
      expect(await markdown.page.locator(".markdown").textContent()).not.toMatch(/\*\*|`|\]\(|\||--/);
    }
  });
});

/** The page's markup once `text` is whole and its code has its colours. */
async function shownWhole(text: string): Promise<string> {
  await markdown.show(text);
  await markdown.page.locator(".markdown > :last-child .hljs-keyword").waitFor();
  return markdown.page.locator(".markdown").innerHTML();
}
