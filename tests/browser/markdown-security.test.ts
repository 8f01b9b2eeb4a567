import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HOSTILE_MARKDOWN } from "../fixtures/hostile-markdown.ts";
import { type MarkdownPage, openMarkdownPage } from "../fixtures/markdown-page.ts";

let markdown: MarkdownPage;
beforeAll(async () => {
  markdown = await openMarkdownPage();
});
afterAll(() => markdown.close());
beforeEach(() => {
  markdown.strangers.length = 0;
  markdown.incidents.length = 0;
});

describe("markdown from a stranger", () => {
  it.each(HOSTILE_MARKDOWN)("%s does nothing", async (_, text) => {
    for (const live of [true, false]) {
      await markdown.show(text, { live });
      await markdown.page.locator(".markdown").hover({ position: { x: 5, y: 5 }, force: true });
      expect(await foreignThings()).toEqual([]);
    }
    await expectPanelUnharmed();
  });

  it("does nothing while it arrives character by character", async () => {
    const text = HOSTILE_MARKDOWN.map(([, hostile]) => hostile).join("\n\n");
    for (let end = 0; end < text.length; end += 7) await markdown.show(text.slice(0, end), { live: true });
    expect(await foreignThings()).toEqual([]);
    await expectPanelUnharmed();
  });

  it("shows refused markup as the text that it is", async () => {
    await markdown.show("Use the <Button onClick={save}> component, 2<sup>10</sup>, one<br>two <script>x</script>");
    expect(await markdown.page.locator(".markdown").textContent()).toBe(
      "Use the <Button onClick={save}> component, 210, onetwo <script>x</script>",
    );
  });

  it("opens links in a new tab that knows nothing of us, and says where they lead", async () => {
    await markdown.show("[https://bank.com](https://bank.com@evil.example/login)");
    const link = markdown.page.locator(".markdown a");
    expect(await link.getAttribute("target")).toBe("_blank");
    expect(await link.getAttribute("rel")).toBe("noreferrer noopener");
    expect(await link.getAttribute("title")).toContain("evil.example");
    expect(await markdown.page.locator(".markdown").textContent()).toContain("leads to evil.example");
  });

  it("loads an image after a click, and only then", async () => {
    await markdown.show("![A dike](https://images.example/dike.png)");
    const button = markdown.page.getByRole("button", { name: "A dike Load image from images.example" });
    expect(markdown.strangers).toEqual([]);
    const asked = markdown.page.waitForEvent("request");
    await button.click();
    expect((await asked).url()).toBe("https://images.example/dike.png");
    expect((await asked).headers().referer).toBeUndefined();
  });

  it("keeps a link, an image and a code block apart from what is written inside them", async () => {
    await markdown.show('```js\nconst a = "</span><img src=x onerror=window.ran=1>";\n```');
    await markdown.page.locator(".hljs-string").waitFor();
    expect(await markdown.page.locator("pre").textContent()).toContain('"</span><img src=x onerror=window.ran=1>"');
    expect(await foreignThings()).toEqual([]);
  });

  it.each([
    ["a line of a megabyte", "a".repeat(1_000_000)],
    ["a megabyte of words in one line", "word ".repeat(200_000)],
    ["a megabyte of paragraphs", "a\n\n".repeat(333_000)],
    ["a megabyte of code", `\`\`\`js\n${"let a = 1;\n".repeat(90_000)}\`\`\``],
    ["10,000 quotes", ">".repeat(10_000)],
    ["10,000 brackets", "[".repeat(10_000)],
    ["10,000 stars", "*".repeat(10_000)],
    ["10,000 stars with words", "*a **b ".repeat(5_000)],
    ["10,000 bullets", "- ".repeat(10_000)],
    ["10,000 open tags", "<b>".repeat(10_000)],
    ["10,000 links", "[a](https://a.example) ".repeat(1_000)],
    ["a wide table", `${"|a".repeat(2_000)}|\n${"|-".repeat(2_000)}|\n`],
  ])("stays usable with %s", async (_, text) => {
    await markdown.show(text, { live: true });
    await markdown.show(`${text}a`, { live: true });
    await markdown.show(text);
    await markdown.show("after");
    expect(await markdown.page.locator(".markdown").textContent()).toBe("after");
    await expectPanelUnharmed();
  });

  it("gives all of a megabyte when asked for it", async () => {
    await markdown.show(`${"a".repeat(1_000_000)}`);
    const more = markdown.page.getByRole("button", { name: /Show more/ });
    expect(await more.textContent()).toContain("992,000 characters left");
    await more.click();
    expect(await more.textContent()).toContain("892,000 characters left");
  });
});

/** Elements and attributes that none of our components makes. */
function foreignThings(): Promise<string[]> {
  return markdown.page.evaluate(() => {
    const ours =
      /^(div|p|h[1-6]|ul|ol|li|blockquote|hr|br|strong|em|del|code|pre|figure|figcaption|section|table|thead|tbody|tr|th|td|a|span|button|svg|path|rect|circle|line|b|i|u|s|ins|mark|sub|sup|kbd)$/;
    const found: string[] = [];
    for (const element of document.querySelectorAll(".markdown *")) {
      const name = element.tagName.toLowerCase();
      if (!ours.test(name)) found.push(name);
      if (name === "svg" && !element.classList.contains("lucide")) found.push("svg that is no icon");
      for (const attribute of element.attributes) {
        if (/^(on|style$|id$|name$|srcset$|ping$)/.test(attribute.name)) found.push(`${name} ${attribute.name}`);
        if (attribute.name === "href" && !/^(https?|mailto):/.test(attribute.value)) found.push(attribute.value);
      }
    }
    return found;
  });
}

async function expectPanelUnharmed(): Promise<void> {
  expect(await markdown.page.evaluate(() => Reflect.get(window, "ran"))).toBeUndefined();
  expect(await markdown.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done("frame"))))).toBe(
    "frame",
  );
  expect(markdown.strangers).toEqual([]);
  expect(markdown.incidents).toEqual([]);
}
