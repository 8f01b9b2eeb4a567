import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBrowser } from "../../scripts/browser.ts";
import { type BuiltPage, buildPage } from "../fixtures/built-page.ts";

let gallery: BuiltPage;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  gallery = await buildPage("gallery");
  browser = await chromium.launch({ executablePath: ensureBrowser(() => undefined), args: ["--no-sandbox"] });
});
afterAll(async () => {
  await browser.close();
  await gallery.close();
});
beforeEach(() => open("light"));
afterEach(() => page.context().close());

describe("every state of a message", () => {
  it.each(["light", "dark"] as const)("passes the accessibility rules in the %s scheme", async (scheme) => {
    await page.context().close();
    await open(scheme);
    await page.locator(".hljs-keyword").first().waitFor();
    const { violations } = await new AxeBuilder({ page }).disableRules(["page-has-heading-one"]).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  it("fits a panel of 320 px without scrolling sideways", async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });

  it("shows a call as one line that opens to its arguments and result", async () => {
    const line = page.getByRole("button", { name: "done: Search web" }).first();
    expect(await page.getByText('"limit": 5').count()).toBe(0);
    await line.click();
    expect(await page.getByText('"limit": 5').isVisible()).toBe(true);
    expect(await page.getByAltText("Image from the tool").isVisible()).toBe(true);
  });

  it("shows what was sent of a page", async () => {
    await page
      .getByRole("button", { name: /The long now of rivers/ })
      .first()
      .click();
    expect(await page.getByText("Rivers are slow machines.").first().isVisible()).toBe(true);
    expect(await page.getByText("it was cut here").first().isVisible()).toBe(true);
  });

  it("takes an approval by keyboard and shows it as decided", async () => {
    const card = page.getByRole("region", { name: "Allow “Write file”?" });
    expect(await card.textContent()).toContain('"overwrite": true');
    await card.getByRole("button", { name: "Allow once" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await card.getByText("Decided: always allowed.").waitFor();
    expect(await card.getByRole("button").count()).toBe(0);
  });

  it("opens a long question", async () => {
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await page.getByRole("button", { name: "Show less" }).getAttribute("aria-expanded")).toBe("true");
  });

  it("says what an answer used", async () => {
    await page.getByRole("button", { name: "Claude Sonnet 4.5" }).first().hover();
    await page
      .getByRole("tooltip", { name: /5,812 tokens read, 431 written, \$0\.0239/ })
      .waitFor({ state: "attached" });
  });
});

async function open(colorScheme: "light" | "dark"): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, colorScheme });
  page = await context.newPage();
  await page.goto(gallery.url);
  await page.getByRole("article").first().waitFor();
}
